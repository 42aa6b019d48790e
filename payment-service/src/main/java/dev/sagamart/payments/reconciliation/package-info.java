/** The comparison of our payments with the provider's books. */
@NullMarked
package dev.sagamart.payments.reconciliation;

import org.jspecify.annotations.NullMarked;
