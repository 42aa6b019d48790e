package dev.sagamart.simulator;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call that changes something.
 *
 * @param intentId the intent in the path, or {@code null} if the path has none
 */
record Operation(Kind kind, @Nullable String intentId) {

	private static final Pattern ON_INTENT = Pattern.compile("/v1/payment_intents/([^/]+)/(confirm|capture|cancel)");

	enum Kind {

		CREATE, CONFIRM, CAPTURE, CANCEL, REFUND;

		boolean authorises() {
			return this == CREATE || this == CONFIRM;
		}

	}

	/**
	 * Parses the path of a POST.
	 * @throws Refusal if there is no such operation
	 */
	static Operation of(String path) {
		Matcher onIntent = ON_INTENT.matcher(path);
		if (onIntent.matches()) {
			return new Operation(Kind.valueOf(onIntent.group(2).toUpperCase(Locale.ROOT)), onIntent.group(1));
		}
		return switch (path) {
			case "/v1/payment_intents" -> new Operation(Kind.CREATE, null);
			case "/v1/refunds" -> new Operation(Kind.REFUND, null);
			default -> throw Refusal.unknownUrl("POST", path);
		};
	}

}
