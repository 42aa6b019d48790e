/** The saga of an order: its table, and the code that runs it. */
@NullMarked
package dev.sagamart.orders.saga;

import org.jspecify.annotations.NullMarked;
