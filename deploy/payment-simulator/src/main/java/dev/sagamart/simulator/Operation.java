package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;

/**
 * A call that changes something.
 *
 * @param intentId the intent in the path, or {@code null} if the path has none
 */
record Operation(Kind kind, @Nullable String intentId) {

	private static final String INTENTS = "/v1/payment_intents";

	enum Kind {

		CREATE, CONFIRM, CAPTURE, CANCEL, REFUND;

		boolean authorises() {
			return this == CREATE || this == CONFIRM;
		}

	}

	/** Parses the path of a POST; {@code null} if there is no such operation. */
	static @Nullable Operation of(String path) {
		if (path.equals(INTENTS)) {
			return new Operation(Kind.CREATE, null);
		}
		if (path.equals("/v1/refunds")) {
			return new Operation(Kind.REFUND, null);
		}
		int verb = path.lastIndexOf('/');
		if (!path.startsWith(INTENTS + "/") || verb <= INTENTS.length()) {
			return null;
		}
		String intentId = path.substring(INTENTS.length() + 1, verb);
		return switch (path.substring(verb + 1)) {
			case "confirm" -> new Operation(Kind.CONFIRM, intentId);
			case "capture" -> new Operation(Kind.CAPTURE, intentId);
			case "cancel" -> new Operation(Kind.CANCEL, intentId);
			default -> null;
		};
	}

}
