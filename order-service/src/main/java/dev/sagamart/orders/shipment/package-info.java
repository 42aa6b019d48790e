/** Shipments, the participant of the saga that lives in this service. */
@NullMarked
package dev.sagamart.orders.shipment;

import org.jspecify.annotations.NullMarked;
