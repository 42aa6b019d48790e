/**
 * Confirmation and change of email addresses, and password resets.
 */
@NullMarked
package dev.sagamart.users.email;

import org.jspecify.annotations.NullMarked;
