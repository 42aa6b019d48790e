/** What a user means to buy. */
@NullMarked
package dev.sagamart.orders.cart;

import org.jspecify.annotations.NullMarked;
