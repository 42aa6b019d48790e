package dev.sagamart.payments.payment;

import dev.sagamart.events.Money;

/** A balanced movement of the ledger: debits one account, credits another. */
record Posting(Account debit, Account credit, Money amount) {
}
