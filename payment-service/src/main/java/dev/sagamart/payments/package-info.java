/** Payments of orders, carried out by a payment provider. */
@NullMarked
package dev.sagamart.payments;

import org.jspecify.annotations.NullMarked;
