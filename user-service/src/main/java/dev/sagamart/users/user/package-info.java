/** Who there is: accounts, their addresses and preferences, and the end of an account. */
@NullMarked
package dev.sagamart.users.user;

import org.jspecify.annotations.NullMarked;
