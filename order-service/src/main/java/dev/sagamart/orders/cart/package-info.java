/** Carts. */
@NullMarked
package dev.sagamart.orders.cart;

import org.jspecify.annotations.NullMarked;
