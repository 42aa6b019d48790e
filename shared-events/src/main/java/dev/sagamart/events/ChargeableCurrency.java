package dev.sagamart.events;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A currency in which the payment provider charges cards today, and which amounts can be
 * charged in it. Prices and totals are checked here, while {@link Money} accepts every
 * currency that ever had minor units, so that stored amounts can always be read. The list
 * follows what the provider publishes, without currencies that no longer exist (BGN since
 * 2026, ANG since 2025, HRK since 2023, STD since 2018).
 *
 * @param code the code of ISO 4217
 * @param step every amount must be a multiple of it; in minor units of ISO 4217
 * @param largest the largest amount, in the same units
 */
public record ChargeableCurrency(String code, long step, long largest) {

	/** Eight digits, which every card and every network accepts. */
	private static final long USUAL_LARGEST = 99_999_999;

	private static final String USUAL = """
			AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY CRC \
			CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG ILS JMD KES KGS KHR KMF \
			KRW KYD KZT LAK LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN \
			PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS \
			UAH USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW""";

	private static final Map<String, ChargeableCurrency> ALL = Stream.of(
			Stream.of(USUAL.split(" ")).map((code) -> new ChargeableCurrency(code, 1, USUAL_LARGEST)),
			// One unit has a small value, so amounts may have more digits.
			Stream.of(new ChargeableCurrency("INR", 1, 999_999_999), new ChargeableCurrency("COP", 1, 9_999_999_999L),
					new ChargeableCurrency("HUF", 1, 9_999_999_999L), new ChargeableCurrency("JPY", 1, 9_999_999_999L),
					new ChargeableCurrency("LBP", 1, 99_999_999_999L),
					new ChargeableCurrency("IDR", 1, 999_999_999_999L)),
			// ISO 4217 has no minor units, but the provider has two decimals.
			Stream.of("ISK", "UGX").map((code) -> new ChargeableCurrency(code, 1, 999_999)),
			// ISO 4217 has two decimals, but the provider accepts only whole units.
			Stream.of(new ChargeableCurrency("MGA", 100, 9_999_999_900L)),
			// There are three decimals, and the last one must be zero.
			Stream.of("BHD", "JOD", "KWD", "OMR", "TND")
				.map((code) -> new ChargeableCurrency(code, 10, USUAL_LARGEST - 9)))
		.flatMap(Function.identity())
		.collect(Collectors.toUnmodifiableMap(ChargeableCurrency::code, Function.identity()));

	/** The currency with that code; empty if nobody can be charged in it. */
	public static Optional<ChargeableCurrency> find(String code) {
		return Optional.ofNullable(ALL.get(code));
	}

	public static Collection<ChargeableCurrency> all() {
		return ALL.values();
	}

	/** Whether an amount is a multiple of the step, however large it is. */
	public boolean divides(long amount) {
		return amount % this.step == 0;
	}

	/** Whether an amount can be charged. */
	public boolean takes(long amount) {
		return amount > 0 && amount <= this.largest && divides(amount);
	}

}
