package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;

/**
 * What an operation came to: the states of things at that moment, from which its reply
 * and its event can be made again.
 */
record Answer(@Nullable Intent intent, @Nullable Refund refund, @Nullable Refusal refusal) {

	static Answer of(Intent intent) {
		return new Answer(intent, null, null);
	}

	static Answer of(Refusal refusal) {
		return new Answer(null, null, refusal);
	}

	/** The card's issuer said no. */
	static Answer declined(Intent intent, IntentState.Status status, String code) {
		return new Answer(intent.with(intent.state().declined(status, code)), null, Refusal.declined(code));
	}

	/** Whether the card's issuer was asked; all else is refused without a trace. */
	boolean isCarriedOut() {
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

	/** The type of the event that tells of it, {@code null} if there is none. */
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
