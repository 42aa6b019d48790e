/** Receives the events of erased users. */
@NullMarked
package dev.sagamart.orders.erasure.messaging;

import org.jspecify.annotations.NullMarked;
