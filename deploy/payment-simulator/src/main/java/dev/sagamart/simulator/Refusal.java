package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A call is refused with an error of Stripe's API, and nothing is recorded. */
final class Refusal extends RuntimeException {

	private static final long serialVersionUID = 1;

	private final int status;

	private final ObjectNode json;

	private Refusal(int status, ObjectNode error) {
		super(null, null, false, false);
		this.status = status;
		this.json = JsonNodeFactory.instance.objectNode().set("error", error);
	}

	static Refusal invalid(int status, @Nullable String code, @Nullable String param, String message) {
		ObjectNode error = error("invalid_request_error", code, message);
		return new Refusal(status, (param != null) ? error.put("param", param) : error);
	}

	static Refusal notFound(String kind, String param, String id) {
		return invalid(404, "resource_missing", param, "No such " + kind + ": '" + id + "'");
	}

	static Refusal unknownUrl(String method, String path) {
		return invalid(404, null, null, "Unrecognized request URL (" + method + ": " + path + ").");
	}

	static Refusal unexpectedState(Intent intent, String verb) {
		return new Refusal(400,
				error("invalid_request_error", "payment_intent_unexpected_state", "You cannot " + verb
						+ " this PaymentIntent because it has a status of " + intent.state().status().wireName() + ".")
					.set("payment_intent", intent.json(false)));
	}

	static Refusal keyOfAnotherRequest() {
		return new Refusal(400, error("idempotency_error", null,
				"Keys for idempotent requests can only be used with the same parameters they were first used with."));
	}

	static Refusal internalError() {
		return new Refusal(500, error("api_error", null, "An unknown error occurred."));
	}

	/** The error of a declined card, for its reply and for the intent. */
	static ObjectNode declined(String declineCode) {
		return error("card_error", "card_declined", "insufficient_funds".equals(declineCode)
				? "Your card has insufficient funds." : "Your card was declined.")
			.put("decline_code", declineCode);
	}

	private static ObjectNode error(String type, @Nullable String code, String message) {
		ObjectNode error = JsonNodeFactory.instance.objectNode().put("type", type).put("message", message);
		return (code == null) ? error
				: error.put("code", code).put("doc_url", "https://docs.stripe.com/error-codes#" + code);
	}

	Reply reply() {
		return new Reply(this.status, this.json, false, Reply.Delivery.AT_ONCE);
	}

}
