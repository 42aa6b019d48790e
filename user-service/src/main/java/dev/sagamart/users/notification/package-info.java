/** Telling people by email what happens to their orders. */
@NullMarked
package dev.sagamart.users.notification;

import org.jspecify.annotations.NullMarked;
