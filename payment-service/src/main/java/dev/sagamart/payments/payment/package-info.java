/**
 * The payment of an order: what it went through, what is still to be asked of the
 * provider, and the ledger of every movement.
 */
@NullMarked
package dev.sagamart.payments.payment;

import org.jspecify.annotations.NullMarked;
