package dev.sagamart.payments.payment;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A balanced movement of the ledger: debits one account, credits another.
 *
 * @param operationId the operation that moved the money
 * @param amount minor units
 */
record Posting(long operationId, UUID paymentId, Account debit, Account credit, long amount, String currency) {

	/**
	 * The accounts of the ledger, one of each per currency. A balance is debits minus
	 * credits.
	 */
	enum Account {

		/** What buyers' cards hold for us. */
		HELD,

		/** The other side of {@link #HELD}: what we have not earned yet. */
		COMMITTED,

		/** What the provider took for us and has not given back: equals its own books. */
		PROVIDER,

		/** What was sold, as a credit. */
		SALES,

		/** What was given back to buyers. */
		REFUNDS

	}

	/** What is held, captured and refunded of a payment, in minor units. */
	record Balance(long held, long captured, long refunded) {

		static Balance of(Payment payment) {
			return new Balance((payment.status() == Payment.Status.AUTHORISED) ? payment.amount().amount() : 0,
					payment.capturedAmount().amount(), payment.refundedAmount().amount());
		}

	}

	/** What an operation has moved that found its payment with another balance. */
	static List<Posting> since(Balance before, Payment payment, long operationId) {
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

	/** As {@link Payments#book} writes it. */
	Object[] toRow() {
		return new Object[] { this.operationId, this.paymentId, this.debit, this.credit, this.amount, this.currency };
	}

}
