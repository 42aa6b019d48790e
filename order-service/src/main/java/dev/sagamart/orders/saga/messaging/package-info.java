/** Brings the participants' answers to the saga. */
@NullMarked
package dev.sagamart.orders.saga.messaging;

import org.jspecify.annotations.NullMarked;
