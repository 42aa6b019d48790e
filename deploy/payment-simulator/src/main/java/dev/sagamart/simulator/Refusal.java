package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;

/** An error reply of Stripe's API. */
record Refusal(int status, String type, @Nullable String code, @Nullable String declineCode, @Nullable String param,
		String message) {

	static Refusal invalid(int status, @Nullable String code, @Nullable String param, String message) {
		return new Refusal(status, "invalid_request_error", code, null, param, message);
	}

	static Refusal declined(String declineCode) {
		return new Refusal(402, "card_error", "card_declined", declineCode, null,
				"insufficient_funds".equals(declineCode) ? "Your card has insufficient funds."
						: "Your card was declined.");
	}

	static Refusal internalError() {
		return new Refusal(500, "api_error", null, null, null, "An unknown error occurred.");
	}

	static Refusal notFound(String kind, String param, String id) {
		return invalid(404, "resource_missing", param, "No such " + kind + ": '" + id + "'");
	}

	String json(@Nullable Intent intent) {
		return new Json().raw("error", error(intent)).toString();
	}

	String error(@Nullable Intent intent) {
		Json error = new Json().put("type", this.type).put("message", this.message);
		if (this.code != null) {
			error.put("code", this.code).put("doc_url", "https://docs.stripe.com/error-codes#" + this.code);
		}
		if (this.declineCode != null) {
			error.put("decline_code", this.declineCode);
		}
		if (this.param != null) {
			error.put("param", this.param);
		}
		if (intent != null) {
			error.raw("payment_intent", intent.json(false));
			if (this.declineCode != null) {
				error.put("charge", intent.chargeId());
			}
		}
		return error.toString();
	}

}
