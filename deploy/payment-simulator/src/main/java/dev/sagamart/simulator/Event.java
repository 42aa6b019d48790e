package dev.sagamart.simulator;

import java.util.List;

/**
 * The event of an operation, with the object as it was right after it.
 *
 * @param number its sequence number in the books
 * @param created seconds since 1970
 */
record Event(long number, String id, String type, long created, OperationResult result) implements Queries.Element {

	static final List<String> TYPES = List.of("payment_intent.amount_capturable_updated", "payment_intent.succeeded",
			"payment_intent.canceled", "payment_intent.payment_failed", "charge.refunded");

	/**
	 * The API version of stripe-java 32, which does not parse the object of another
	 * version.
	 */
	private static final String API_VERSION = "2026-03-25.dahlia";

	String json() {
		Intent intent = this.result.intent();
		String object = (this.result.refund() != null) ? intent.chargeJson() : intent.json(false);
		return new Json().put("id", this.id)
			.put("object", "event")
			.put("api_version", API_VERSION)
			.put("created", this.created)
			.raw("data", new Json().raw("object", object))
			.put("livemode", false)
			.raw("pending_webhooks", "0")
			.raw("request", "null")
			.put("type", this.type)
			.toString();
	}

}
