/** The saga that carries an order through: its table, and what runs it. */
@NullMarked
package dev.sagamart.orders.saga;

import org.jspecify.annotations.NullMarked;
