/** What a buyer ordered and where it stands. */
@NullMarked
package dev.sagamart.orders.order;

import org.jspecify.annotations.NullMarked;
