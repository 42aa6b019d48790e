package dev.sagamart.payments.provider;

import dev.sagamart.events.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;

/**
 * Converts between our minor units, which are those of ISO 4217, and Stripe's
 * (docs.stripe.com/currencies). They differ for ISK and UGX, for which Stripe requires
 * two decimals that are always zero, and for MGA, which has no decimals at Stripe.
 */
final class StripeAmounts {

	/**
	 * Without UGX: Stripe lists it here too, but documents a special case with decimals.
	 */
	private static final Set<String> WITHOUT_DECIMALS = Set.of("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
			"PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");

	private static final Set<String> WITH_THREE_DECIMALS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

	private StripeAmounts() {
	}

	/**
	 * Converts an amount to Stripe's minor units.
	 * @throws ArithmeticException if Stripe cannot express it
	 */
	static long toStripe(Money money) {
		return BigDecimal.valueOf(money.amount(), isoDecimals(money.currency()))
			.movePointRight(decimals(money.currency()))
			.longValueExact();
	}

	/**
	 * Converts an amount from Stripe's minor units.
	 * @param currency in lower case, as Stripe writes it
	 * @throws ArithmeticException if our minor units cannot express it
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
