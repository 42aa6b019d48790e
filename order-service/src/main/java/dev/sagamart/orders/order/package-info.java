/** Orders, their states, and the rules for placing them. */
@NullMarked
package dev.sagamart.orders.order;

import org.jspecify.annotations.NullMarked;
