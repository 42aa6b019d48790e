/** Stock as a participant of the order saga. */
@NullMarked
package dev.sagamart.products.stock.messaging;

import org.jspecify.annotations.NullMarked;
