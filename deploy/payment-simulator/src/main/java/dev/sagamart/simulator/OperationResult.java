package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;

/**
 * The result of an operation: the states of its objects right after it. The reply and the
 * event can be rebuilt from it at any time.
 */
record OperationResult(@Nullable Intent intent, @Nullable Refund refund, @Nullable Refusal refusal) {

	static OperationResult of(Intent intent) {
		return new OperationResult(intent, null, null);
	}

	static OperationResult of(Refusal refusal) {
		return new OperationResult(null, null, refusal);
	}

	/** The card's issuer declined. */
	static OperationResult declined(Intent intent, IntentState.Status status, String code) {
		return new OperationResult(intent.with(intent.state().declined(status, code)), null, Refusal.declined(code));
	}

	/** Whether the card's issuer was asked; other refusals are not recorded. */
	boolean isExecuted() {
		return this.refusal == null || this.refusal.declineCode() != null;
	}

	int status() {
		return (this.refusal != null) ? this.refusal.status() : 200;
	}

	String json(boolean withCharge) {
		if (this.refusal != null) {
			return this.refusal.json(this.intent);
		}
		if (this.refund != null) {
			return this.refund.json();
		}
		return (this.intent != null) ? this.intent.json(withCharge) : "{}";
	}

	/** The type of its event, {@code null} if it has none. */
	@Nullable String eventType() {
		if (this.intent == null) {
			return null;
		}
		if (this.refund != null) {
			return "charge.refunded";
		}
		if (this.refusal != null) {
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
