package dev.sagamart.payments.payment;

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
