/** Payments over HTTP. */
@NullMarked
package dev.sagamart.payments.payment.web;

import org.jspecify.annotations.NullMarked;
