/** Accounts, their addresses and preferences, and their erasure. */
@NullMarked
package dev.sagamart.users.user;

import org.jspecify.annotations.NullMarked;
