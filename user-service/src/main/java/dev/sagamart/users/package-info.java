/** Accounts, sessions and the tokens that everybody else checks. */
@NullMarked
package dev.sagamart.users;

import org.jspecify.annotations.NullMarked;
