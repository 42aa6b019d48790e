package dev.sagamart.payments.payment;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An entry of the ledger, which debits one account and credits another.
 *
 * @param operationId the operation that moved the money
 * @param amount minor units
 */
record Posting(long operationId, UUID paymentId, Account debit, Account credit, long amount, String currency) {

	/**
	 * The accounts of the ledger. Each exists once per currency. Its balance is the sum
	 * of its debits minus the sum of its credits.
	 */
	enum Account {

		/** Authorised amounts that are not captured yet. */
		HELD,

		/** The contra account of {@link #HELD}. */
		COMMITTED,

		/**
		 * The money that the provider captured and did not refund, as in its own books.
		 */
		PROVIDER,

		/** The captured amounts, as credits. */
		SALES,

		/** The refunded amounts, as debits. */
		REFUNDS

	}

	/** The held, captured and refunded amounts of a payment, in minor units. */
	record Balance(long held, long captured, long refunded) {

		static Balance of(Payment payment) {
			return new Balance((payment.status() == Payment.Status.AUTHORISED) ? payment.amount().amount() : 0,
					payment.capturedAmount().amount(), payment.refundedAmount().amount());
		}

	}

	/** The postings that lead from an earlier balance of a payment to its current one. */
	static List<Posting> between(Balance before, Payment payment, long operationId) {
		Balance after = Balance.of(payment);
		UUID id = payment.id();
		String currency = payment.amount().currency();
		return Stream
			.of(new Posting(operationId, id, Account.HELD, Account.COMMITTED, after.held() - before.held(), currency),
					new Posting(operationId, id, Account.COMMITTED, Account.HELD, before.held() - after.held(),
							currency),
					new Posting(operationId, id, Account.PROVIDER, Account.SALES, after.captured() - before.captured(),
							currency),
					new Posting(operationId, id, Account.REFUNDS, Account.PROVIDER,
							after.refunded() - before.refunded(), currency))
			.filter((posting) -> posting.amount() > 0)
			.toList();
	}

	/** The columns in the order of {@link Payments#book}. */
	Object[] toRow() {
		return new Object[] { this.operationId, this.paymentId, this.debit, this.credit, this.amount, this.currency };
	}

}
