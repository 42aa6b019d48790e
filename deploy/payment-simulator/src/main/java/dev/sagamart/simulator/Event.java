package dev.sagamart.simulator;

import java.util.List;

/**
 * Tells of an operation, with the thing as it was right after it.
 *
 * @param number its place in the books
 * @param created seconds since 1970
 */
record Event(long number, String id, String type, long created, Answer answer) {

	static final List<String> TYPES = List.of("payment_intent.amount_capturable_updated", "payment_intent.succeeded",
			"payment_intent.canceled", "payment_intent.payment_failed", "charge.refunded");

	/**
	 * The version that stripe-java 32 reads; it leaves the object of another one unread.
	 */
	private static final String API_VERSION = "2026-03-25.dahlia";

	String json() {
		Intent intent = this.answer.intent();
		if (intent == null) {
			throw new IllegalStateException("An event of nothing: " + this.id);
		}
		String object = (this.answer.refund() != null) ? intent.chargeJson() : intent.json(false);
		return new Json().put("id", this.id)
			.put("object", "event")
			.put("api_version", API_VERSION)
			.put("created", this.created)
			.raw("data", new Json().raw("object", object).toString())
			.put("livemode", false)
			.raw("pending_webhooks", "0")
			.raw("request", "null")
			.put("type", this.type)
			.toString();
	}

}
