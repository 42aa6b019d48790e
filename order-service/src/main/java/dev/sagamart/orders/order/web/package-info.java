/** Placing and reading orders over HTTP. */
@NullMarked
package dev.sagamart.orders.order.web;

import org.jspecify.annotations.NullMarked;
