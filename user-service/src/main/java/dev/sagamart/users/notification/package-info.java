/** Notifications about orders. */
@NullMarked
package dev.sagamart.users.notification;

import org.jspecify.annotations.NullMarked;
