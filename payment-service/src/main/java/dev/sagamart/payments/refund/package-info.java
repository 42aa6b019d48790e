/** Refunds that an administrator asks for. */
@NullMarked
package dev.sagamart.payments.refund;

import org.jspecify.annotations.NullMarked;
