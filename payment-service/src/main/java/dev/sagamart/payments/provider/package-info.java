/** The client of the payment provider, which is resilient to its failures. */
@NullMarked
package dev.sagamart.payments.provider;

import org.jspecify.annotations.NullMarked;
