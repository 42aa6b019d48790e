/** Refunds over HTTP. */
@NullMarked
package dev.sagamart.payments.refund.web;

import org.jspecify.annotations.NullMarked;
