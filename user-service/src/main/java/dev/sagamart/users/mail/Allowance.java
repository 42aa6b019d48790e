package dev.sagamart.users.mail;

/**
 * What a mail counts against. Each has a bound of its own for each recipient, so that
 * nobody can keep a mail of one kind away by causing others.
 */
public enum Allowance {

	/** What happens to orders. */
	ORDERS,

	/** Confirmations and resets, which strangers can ask for. */
	TOKENS,

	/** That somebody changes the account. */
	WARNINGS

}
