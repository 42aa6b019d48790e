/** The cart over HTTP. */
@NullMarked
package dev.sagamart.orders.cart.web;

import org.jspecify.annotations.NullMarked;
