package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/** What happened to the payment of an order; published by payment-service. */
@Topic(Topics.PAYMENT_EVENTS)
public sealed interface PaymentEvent extends Message {

	UUID orderId();

	UUID paymentId();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	@MessageType("payment.authorised.v1")
	record PaymentAuthorised(UUID orderId, UUID paymentId, Money amount) implements PaymentEvent {
	}

	/**
	 * There is no hold. {@code reason} is the code of a {@link DeclineReason}, which the
	 * buyer may see.
	 */
	@MessageType("payment.declined.v1")
	record PaymentDeclined(UUID orderId, UUID paymentId, String reason) implements PaymentEvent {
	}

	@MessageType("payment.captured.v1")
	record PaymentCaptured(UUID orderId, UUID paymentId, Money amount) implements PaymentEvent {
	}

	/** There may still be a hold, which must be voided. */
	@MessageType("payment.capture-declined.v1")
	record CaptureDeclined(UUID orderId, UUID paymentId, String reason) implements PaymentEvent {
	}

	/** There is no hold any more, or there never was one. */
	@MessageType("payment.voided.v1")
	record PaymentVoided(UUID orderId, UUID paymentId) implements PaymentEvent {
	}

	/**
	 * Money was refunded. {@code refunded} is the amount of this refund, and
	 * {@code remaining} the part of the capture that is not refunded yet.
	 */
	@MessageType("payment.refunded.v1")
	record PaymentRefunded(UUID orderId, UUID paymentId, Money refunded, Money remaining) implements PaymentEvent {
	}

	/**
	 * The provider refuses a void or a refund, although it is still necessary by the
	 * state of the payment there. The request is repeated, less and less often; this
	 * event is published only once.
	 */
	@MessageType("payment.undo-declined.v1")
	record UndoDeclined(UUID orderId, UUID paymentId, String reason) implements PaymentEvent {
	}

}
