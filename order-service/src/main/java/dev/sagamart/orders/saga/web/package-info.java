/** Cancellation, shipment, timeline and event stream of an order; operations on sagas. */
@NullMarked
package dev.sagamart.orders.saga.web;

import org.jspecify.annotations.NullMarked;
