package dev.sagamart.payments.refund;

import dev.sagamart.events.Money;
import java.util.UUID;

/** The decision about the request for a refund. */
public sealed interface RefundDecision {

	/** The refund will be carried out. */
	record Accepted(UUID refundId) implements RefundDecision {
	}

	record NoSuchPayment() implements RefundDecision {
	}

	record NothingCaptured() implements RefundDecision {
	}

	record WrongCurrency(String expected) implements RefundDecision {
	}

	/** The amount exceeds what can still be refunded. */
	record ExceedsCapture(Money refundable) implements RefundDecision {
	}

}
