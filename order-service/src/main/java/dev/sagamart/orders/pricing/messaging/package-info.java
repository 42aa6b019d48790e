/** Keeps the price list up to date from product.events. */
@NullMarked
package dev.sagamart.orders.pricing.messaging;

import org.jspecify.annotations.NullMarked;
