/** Our books against the provider's. */
@NullMarked
package dev.sagamart.payments.reconciliation;

import org.jspecify.annotations.NullMarked;
