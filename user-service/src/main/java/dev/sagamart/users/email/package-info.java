/**
 * Whose an email address is: confirmations, changes of the address, and the way back to
 * an account whose password is forgotten.
 */
@NullMarked
package dev.sagamart.users.email;

import org.jspecify.annotations.NullMarked;
