package dev.sagamart.simulator;

import dev.sagamart.simulator.IntentState.Status;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A payment intent and its charge.
 *
 * @param number its sequence number in the books, zero before it is saved
 * @param created seconds since 1970
 */
record Intent(long number, String id, long created, long amount, String currency, boolean manualCapture,
		Map<String, String> metadata, IntentState state) implements Queries.Element {

	Intent with(IntentState newState) {
		return new Intent(this.number, this.id, this.created, this.amount, this.currency, this.manualCapture,
				this.metadata, newState);
	}

	String chargeId() {
		return "ch_" + this.id.substring(3);
	}

	/**
	 * The JSON of Stripe's API.
	 * @param withCharge whether to include the charge instead of its id
	 */
	ObjectNode json(boolean withCharge) {
		String decline = this.state.decline();
		return JsonNodeFactory.instance.objectNode()
			.put("id", this.id)
			.put("object", "payment_intent")
			.put("amount", this.amount)
			.put("amount_capturable", (this.state.status() == Status.REQUIRES_CAPTURE) ? this.amount : 0)
			.put("amount_received", this.state.captured())
			.put("canceled_at", (this.state.canceledAt() != 0) ? this.state.canceledAt() : null)
			.put("cancellation_reason", this.state.cancellationReason())
			.put("capture_method", this.manualCapture ? "manual" : "automatic")
			.put("client_secret", this.id + "_secret_simulated")
			.put("confirmation_method", "automatic")
			.put("created", this.created)
			.put("currency", this.currency)
			.set("last_payment_error", (decline != null) ? Refusal.declined(decline) : null)
			.set("latest_charge",
					!this.state.hasCharge() ? null : withCharge ? chargeJson() : StringNode.valueOf(chargeId()))
			.put("livemode", false)
			.putPOJO("metadata", this.metadata)
			.put("payment_method", this.state.method())
			.putPOJO("payment_method_types", List.of("card"))
			.put("status", this.state.status().wireName());
	}

	ObjectNode chargeJson() {
		return JsonNodeFactory.instance.objectNode()
			.put("id", chargeId())
			.put("object", "charge")
			.put("amount", this.amount)
			.put("amount_captured", this.state.captured())
			.put("amount_refunded", this.state.refunded())
			.put("captured", this.state.captured() > 0)
			.put("created", this.created)
			.put("currency", this.currency)
			.put("livemode", false)
			.putPOJO("metadata", this.metadata)
			.put("paid", true)
			.put("payment_intent", this.id)
			.put("payment_method", this.state.method())
			.put("refunded", this.state.captured() > 0 && this.state.refunded() == this.state.captured())
			.put("status", "succeeded");
	}

}
