package dev.sagamart.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A successful refund.
 *
 * @param number its sequence number in the books, zero before it is saved
 * @param created seconds since 1970
 */
record Refund(long number, String id, long created, String intentId, long amount, String currency,
		@Nullable String reason, Map<String, String> metadata) implements Queries.Element {

	String json() {
		return new Json().put("id", this.id)
			.put("object", "refund")
			.put("amount", this.amount)
			.put("charge", "ch_" + this.intentId.substring(3))
			.put("created", this.created)
			.put("currency", this.currency)
			.put("metadata", this.metadata)
			.put("payment_intent", this.intentId)
			.put("reason", this.reason)
			.put("status", "succeeded")
			.toString();
	}

}
