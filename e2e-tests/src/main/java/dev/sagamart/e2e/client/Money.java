package dev.sagamart.e2e.client;

/** An amount in minor units of an ISO 4217 currency. */
public record Money(long amount, String currency) {

	public static Money eur(long cents) {
		return new Money(cents, "EUR");
	}

	public Money times(long factor) {
		return new Money(this.amount * factor, this.currency);
	}

}
