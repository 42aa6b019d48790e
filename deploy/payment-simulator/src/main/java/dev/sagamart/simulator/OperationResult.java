package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of an operation: the states of its objects right after it. The reply and the
 * event can be rebuilt from it at any time.
 *
 * @param declineCode why the card's issuer declined, or {@code null} if it did not
 */
record OperationResult(Intent intent, @Nullable Refund refund, @Nullable String declineCode) {

	static OperationResult of(Intent intent) {
		return new OperationResult(intent, null, null);
	}

	static OperationResult declined(Intent intent, IntentState.Status status, String code) {
		return new OperationResult(intent.with(intent.state().declined(status, code)), null, code);
	}

	/** Its reply; the arguments are those of {@link Reply}. */
	Reply reply(boolean withCharge, boolean replayed, Reply.Delivery delivery) {
		if (this.declineCode != null) {
			ObjectNode error = Refusal.declined(this.declineCode)
				.set("payment_intent", this.intent.json(false))
				.put("charge", this.intent.chargeId());
			return new Reply(402, JsonNodeFactory.instance.objectNode().set("error", error), replayed, delivery);
		}
		ObjectNode json = (this.refund != null) ? this.refund.json() : this.intent.json(withCharge);
		return new Reply(200, json, replayed, delivery);
	}

	/** The type of its event, {@code null} if it has none. */
	@Nullable String eventType() {
		if (this.refund != null) {
			return "charge.refunded";
		}
		if (this.declineCode != null) {
			return "payment_intent.payment_failed";
		}
		return switch (this.intent.state().status()) {
			case REQUIRES_CAPTURE -> "payment_intent.amount_capturable_updated";
			case SUCCEEDED -> "payment_intent.succeeded";
			case CANCELED -> "payment_intent.canceled";
			case REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD -> null;
		};
	}

}
