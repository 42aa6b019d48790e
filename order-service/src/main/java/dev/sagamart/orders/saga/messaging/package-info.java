/** Messages between the saga and its participants. */
@NullMarked
package dev.sagamart.orders.saga.messaging;

import org.jspecify.annotations.NullMarked;
