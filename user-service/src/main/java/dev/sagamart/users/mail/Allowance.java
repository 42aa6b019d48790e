package dev.sagamart.users.mail;

/**
 * The limit that a mail counts against. Each has its own limit for each recipient, so
 * that nobody can suppress mails of one kind by causing others.
 */
public enum Allowance {

	/** Mails about orders. */
	ORDERS,

	/** Confirmations and resets, which strangers can ask for. */
	TOKENS,

	/** Warnings about changes of the account. */
	WARNINGS

}
