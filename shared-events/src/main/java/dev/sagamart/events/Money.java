package dev.sagamart.events;

import jakarta.validation.constraints.Pattern;
import java.util.Currency;

/**
 * An amount in whole minor units (cents for EUR, yen for JPY) of an ISO 4217 currency.
 * Arithmetic is exact: an overflow throws {@link ArithmeticException}, and mixed
 * currencies {@link IllegalArgumentException}.
 */
public record Money(long amount, @Pattern(regexp = "^[A-Z]{3}$") String currency) implements Comparable<Money> {

	public Money {
		if (Currency.getInstance(currency).getDefaultFractionDigits() < 0) {
			throw new IllegalArgumentException("Not a currency that can be paid in: " + currency);
		}
	}

	public static Money zero(String currency) {
		return new Money(0, currency);
	}

	public Money plus(Money other) {
		return new Money(Math.addExact(this.amount, amountOf(other)), this.currency);
	}

	public Money minus(Money other) {
		return new Money(Math.subtractExact(this.amount, amountOf(other)), this.currency);
	}

	public Money times(int factor) {
		return new Money(Math.multiplyExact(this.amount, (long) factor), this.currency);
	}

	/** -1, 0 or 1 if the amount is negative, zero or positive. */
	public int signum() {
		return Long.signum(this.amount);
	}

	/** Compares amounts of one currency. */
	@Override
	public int compareTo(Money other) {
		return Long.compare(this.amount, amountOf(other));
	}

	private long amountOf(Money other) {
		if (!other.currency.equals(this.currency)) {
			throw new IllegalArgumentException("Cannot mix " + this.currency + " and " + other.currency);
		}
		return other.amount;
	}

}
