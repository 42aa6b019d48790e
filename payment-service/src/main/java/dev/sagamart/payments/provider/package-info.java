/** The payment provider: what we ask of it, and how we survive its bad days. */
@NullMarked
package dev.sagamart.payments.provider;

import org.jspecify.annotations.NullMarked;
