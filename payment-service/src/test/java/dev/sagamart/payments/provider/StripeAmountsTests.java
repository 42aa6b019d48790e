package dev.sagamart.payments.provider;

import dev.sagamart.events.ChargeableCurrency;
import dev.sagamart.events.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Compares our minor units with the table that Stripe publishes. */
class StripeAmountsTests {

	/** The power of ten between Stripe's amounts and ours, if it is not zero. */
	private static final Map<String, Integer> SCALE = Map.of("ISK", 2, "UGX", 2, "MGA", -2);

	/** The highest number of digits of an amount at Stripe, if it is not eight. */
	private static final Map<String, Integer> DIGITS = Map.of("IDR", 12, "LBP", 11, "COP", 10, "HUF", 10, "JPY", 10,
			"INR", 9);

	private static final Set<String> LAST_DIGIT_IS_ZERO = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

	static Stream<String> currencies() {
		return Currency.availableCurrencies().map(Currency::getCurrencyCode);
	}

	@ParameterizedTest
	@MethodSource("currencies")
	void stripeCanExpressEveryChargeableAmount(String code) {
		ChargeableCurrency currency = ChargeableCurrency.find(code).orElse(null);
		if (currency == null) {
			return;
		}
		for (long amount : new long[] { currency.step(), 7 * currency.step(), currency.largest() }) {
			Money money = new Money(amount, code);
			long stripe = StripeAmounts.toStripe(money);
			assertThat(BigDecimal.valueOf(stripe)).as("%s", money)
				.isEqualByComparingTo(BigDecimal.valueOf(amount).scaleByPowerOfTen(SCALE.getOrDefault(code, 0)));
			assertThat(Long.toString(stripe).length()).as("%s", money)
				.isLessThanOrEqualTo(DIGITS.getOrDefault(code, 8));
			assertThat(!LAST_DIGIT_IS_ZERO.contains(code) || stripe % 10 == 0).as("%s", money).isTrue();
			assertThat(StripeAmounts.toMoney(stripe, code.toLowerCase(Locale.ROOT))).isEqualTo(money);
		}
		long more = StripeAmounts.toStripe(new Money(currency.largest() + currency.step(), code));
		assertThat(Long.toString(more).length()).isGreaterThan(DIGITS.getOrDefault(code, 8));
	}

	@ParameterizedTest
	@CsvSource({ "5, ISK, 500", "5, UGX, 500", "1200, MGA, 12", "500, JPY, 500", "1000, USD, 1000", "5120, KWD, 5120",
			"1, HUF, 1", "1, TWD, 1", "1099, COP, 1099", "0, ISK, 0" })
	void convertsBothWays(long ours, String currency, long stripes) {
		assertThat(StripeAmounts.toStripe(new Money(ours, currency))).isEqualTo(stripes);
		assertThat(StripeAmounts.toMoney(stripes, currency.toLowerCase(Locale.ROOT)))
			.isEqualTo(new Money(ours, currency));
	}

	@Test
	void throwsInsteadOfRounding() {
		assertThatExceptionOfType(ArithmeticException.class)
			.isThrownBy(() -> StripeAmounts.toStripe(new Money(150, "MGA")));
		assertThatExceptionOfType(ArithmeticException.class)
			.isThrownBy(() -> StripeAmounts.toStripe(new Money(Long.MAX_VALUE, "ISK")));
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> StripeAmounts.toMoney(550, "isk"));
	}

}
