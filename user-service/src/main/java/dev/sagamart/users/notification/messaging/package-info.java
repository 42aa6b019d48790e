/** Receives the events of orders. */
@NullMarked
package dev.sagamart.users.notification.messaging;

import org.jspecify.annotations.NullMarked;
