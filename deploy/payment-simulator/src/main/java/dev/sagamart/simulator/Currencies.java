package dev.sagamart.simulator;

import java.math.BigInteger;
import java.util.Map;
import java.util.Set;

/** The currencies that Stripe can charge, according to its page on currencies. */
final class Currencies {

	private static final Set<String> THREE_DECIMALS = Set.of("bhd", "jod", "kwd", "omr", "tnd");

	/** These have no decimals, but their amounts have two decimals that must be zero. */
	private static final Set<String> TWO_ZEROS = Set.of("isk", "ugx");

	private static final Set<String> OTHERS = Set.of("""
			aed afn all amd ang aoa ars aud awg azn bam bbd bdt bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny
			cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr
			jmd jpy kes kgs khr kmf krw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn
			nad ngn nio nok npr nzd pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd
			std szl thb tjs top try ttd twd tzs uah usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
			""".split("\\s+"));

	/** The most digits of an amount, where it is more than eight. */
	private static final Map<String, Integer> MORE_DIGITS = Map.of("inr", 9, "cop", 10, "huf", 10, "jpy", 10, "lbp", 11,
			"idr", 12);

	private Currencies() {
	}

	/**
	 * Checks that an amount can be charged.
	 * @param code the currency in lower case
	 */
	static void check(long amount, String code) {
		if (amount <= 0) {
			throw Refusal.invalid(400, "parameter_invalid_integer", "amount", "Invalid integer: " + amount);
		}
		if (!OTHERS.contains(code) && !TWO_ZEROS.contains(code) && !THREE_DECIMALS.contains(code)) {
			throw Refusal.invalid(400, "parameter_invalid_empty", "currency", "Invalid currency: " + code);
		}
		long largest = BigInteger.TEN.pow(MORE_DIGITS.getOrDefault(code, 8)).longValueExact() - 1;
		if (amount > largest) {
			throw Refusal.invalid(400, "amount_too_large", "amount",
					"Amount must be no more than " + largest + " " + code);
		}
		checkDigits(amount, code, "amount");
	}

	static void checkDigits(long amount, String code, String param) {
		int multiple = TWO_ZEROS.contains(code) ? 100 : THREE_DECIMALS.contains(code) ? 10 : 1;
		if (amount % multiple != 0) {
			throw Refusal.invalid(400, "parameter_invalid_integer", param,
					"Invalid amount: amounts in " + code + " must be divisible by " + multiple + ".");
		}
	}

}
