package dev.sagamart.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A successful refund.
 *
 * @param number its sequence number in the books, zero before it is saved
 * @param created seconds since 1970
 */
record Refund(long number, String id, long created, String intentId, long amount, String currency,
		@Nullable String reason, Map<String, String> metadata) implements Queries.Element {

	ObjectNode json() {
		return JsonNodeFactory.instance.objectNode()
			.put("id", this.id)
			.put("object", "refund")
			.put("amount", this.amount)
			.put("charge", "ch_" + this.intentId.substring(3))
			.put("created", this.created)
			.put("currency", this.currency)
			.putPOJO("metadata", this.metadata)
			.put("payment_intent", this.intentId)
			.put("reason", this.reason)
			.put("status", "succeeded");
	}

}
