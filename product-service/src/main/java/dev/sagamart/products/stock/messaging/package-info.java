/** Receives the commands of the order saga, in which the stock is a participant. */
@NullMarked
package dev.sagamart.products.stock.messaging;

import org.jspecify.annotations.NullMarked;
