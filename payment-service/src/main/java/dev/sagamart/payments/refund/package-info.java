/** Refunds that an administrator requests. */
@NullMarked
package dev.sagamart.payments.refund;

import org.jspecify.annotations.NullMarked;
