/** The prices that orders are quoted from. */
@NullMarked
package dev.sagamart.orders.pricing;

import org.jspecify.annotations.NullMarked;
