package dev.sagamart.simulator;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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

	ObjectNode json() {
		Intent intent = this.result.intent();
		ObjectNode object = (this.result.refund() != null) ? intent.chargeJson() : intent.json(false);
		return JsonNodeFactory.instance.objectNode()
			.put("id", this.id)
			.put("object", "event")
			.put("api_version", API_VERSION)
			.put("created", this.created)
			.set("data", JsonNodeFactory.instance.objectNode().set("object", object))
			.put("livemode", false)
			.put("pending_webhooks", 0)
			.putNull("request")
			.put("type", this.type);
	}

}
