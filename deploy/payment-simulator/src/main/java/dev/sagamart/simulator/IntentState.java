package dev.sagamart.simulator;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state of a payment intent.
 *
 * @param method the id of the payment method, or {@code null} if it is not set yet
 * @param captured the captured amount in minor units
 * @param refunded the refunded part of it, in minor units
 * @param decline the decline code of the last attempt
 * @param canceledAt seconds since 1970, zero if it is not canceled
 */
record IntentState(Status status, @Nullable String method, long captured, long refunded, @Nullable String decline,
		long canceledAt, @Nullable String cancellationReason) {

	enum Status {

		REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_CAPTURE, SUCCEEDED, CANCELED;

		String wireName() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	static IntentState initial(@Nullable String method) {
		return new IntentState((method != null) ? Status.REQUIRES_CONFIRMATION : Status.REQUIRES_PAYMENT_METHOD, method,
				0, 0, null, 0, null);
	}

	IntentState withMethod(String newMethod) {
		return new IntentState(this.status, newMethod, this.captured, this.refunded, this.decline, this.canceledAt,
				this.cancellationReason);
	}

	IntentState authorised() {
		return new IntentState(Status.REQUIRES_CAPTURE, this.method, 0, 0, null, 0, null);
	}

	IntentState captured(long amount) {
		return new IntentState(Status.SUCCEEDED, this.method, amount, 0, null, 0, null);
	}

	IntentState refunded(long amount) {
		return new IntentState(this.status, this.method, this.captured, this.refunded + amount, this.decline,
				this.canceledAt, this.cancellationReason);
	}

	IntentState declined(Status newStatus, String code) {
		return new IntentState(newStatus, this.method, this.captured, this.refunded, code, 0, null);
	}

	IntentState canceled(long at, @Nullable String reason) {
		return new IntentState(Status.CANCELED, this.method, 0, 0, this.decline, at, reason);
	}

	/** Whether the card was ever authorised or charged. */
	boolean hasCharge() {
		return this.status == Status.REQUIRES_CAPTURE || this.status == Status.SUCCEEDED
				|| (this.status == Status.CANCELED && this.method != null);
	}

}
