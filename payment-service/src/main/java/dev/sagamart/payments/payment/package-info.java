/**
 * The payments of orders, the operations that call the provider for them, and the ledger.
 */
@NullMarked
package dev.sagamart.payments.payment;

import org.jspecify.annotations.NullMarked;
