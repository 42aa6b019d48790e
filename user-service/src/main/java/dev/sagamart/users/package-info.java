/** Accounts, sessions and tokens. */
@NullMarked
package dev.sagamart.users;

import org.jspecify.annotations.NullMarked;
