package dev.sagamart.payments.provider;

import dev.sagamart.events.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;

/**
 * Amounts between our minor units, which are those of ISO 4217, and Stripe's
 * (docs.stripe.com/currencies). They differ for ISK and UGX, which Stripe wants with two
 * decimals that are always zero, and for MGA, which it wants without any.
 */
final class StripeAmounts {

	/** UGX is in Stripe's list too, but its special case says otherwise. */
	private static final Set<String> WITHOUT_DECIMALS = Set.of("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
			"PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");

	private static final Set<String> WITH_THREE_DECIMALS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

	private StripeAmounts() {
	}

	/**
	 * An amount as Stripe is told about it.
	 * @throws ArithmeticException if Stripe has no number for it
	 */
	static long toStripe(Money money) {
		return BigDecimal.valueOf(money.amount(), isoDecimals(money.currency()))
			.movePointRight(decimals(money.currency()))
			.longValueExact();
	}

	/**
	 * An amount of which Stripe tells.
	 * @param currency in lower case, as Stripe writes it
	 * @throws ArithmeticException if we have no number for it
	 */
	static Money toMoney(long amount, String currency) {
		String code = currency.toUpperCase(Locale.ROOT);
		return new Money(BigDecimal.valueOf(amount, decimals(code)).movePointRight(isoDecimals(code)).longValueExact(),
				code);
	}

	private static int decimals(String currency) {
		return WITHOUT_DECIMALS.contains(currency) ? 0 : WITH_THREE_DECIMALS.contains(currency) ? 3 : 2;
	}

	private static int isoDecimals(String currency) {
		return Currency.getInstance(currency).getDefaultFractionDigits();
	}

}
