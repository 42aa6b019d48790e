/** Carts, orders, and the saga of an order. */
@NullMarked
package dev.sagamart.orders;

import org.jspecify.annotations.NullMarked;
