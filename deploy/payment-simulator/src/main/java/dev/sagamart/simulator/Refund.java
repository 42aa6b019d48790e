package dev.sagamart.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refund that was carried out.
 *
 * @param number its place in the books, from zero
 * @param created seconds since 1970
 */
record Refund(int number, String id, long created, String intentId, long amount, String currency,
		@Nullable String reason, Map<String, String> metadata) {

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

	void writeTo(Form line) {
		line.put("r.number", this.number)
			.put("r.id", this.id)
			.put("r.created", this.created)
			.put("r.intent", this.intentId)
			.put("r.amount", this.amount)
			.put("r.currency", this.currency)
			.put("r.reason", this.reason)
			.putAll("r.metadata", this.metadata);
	}

	static @Nullable Refund readFrom(Form line) {
		String id = line.get("r.id");
		return (id == null) ? null
				: new Refund(Math.toIntExact(line.number("r.number")), id, line.number("r.created"),
						line.require("r.intent"), line.number("r.amount"), line.require("r.currency"),
						line.get("r.reason"), line.nested("r.metadata"));
	}

}
