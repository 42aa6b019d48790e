/** The part of shipping that is done in this service. */
@NullMarked
package dev.sagamart.orders.shipment;

import org.jspecify.annotations.NullMarked;
