/** Carts, orders, and the saga that carries an order through. */
@NullMarked
package dev.sagamart.orders;

import org.jspecify.annotations.NullMarked;
