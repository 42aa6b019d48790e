package dev.sagamart.payments.refund;

import dev.sagamart.events.Money;
import java.util.UUID;

/** What became of a wish for a refund. */
public sealed interface RefundDecision {

	/** It is on its way to the provider. */
	record Accepted(UUID refundId) implements RefundDecision {
	}

	record NoSuchPayment() implements RefundDecision {
	}

	record NothingCaptured() implements RefundDecision {
	}

	/** Another currency than the payment's. */
	record OtherCurrency(String expected) implements RefundDecision {
	}

	/** More than what is left. */
	record ExceedsCapture(Money refundable) implements RefundDecision {
	}

}
