package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/** What payment-service tells about the payment of an order. */
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
	 * No hold exists. {@code reason} is the code of a {@link DeclineReason}, fit to be
	 * shown to the buyer.
	 */
	@MessageType("payment.declined.v1")
	record PaymentDeclined(UUID orderId, UUID paymentId, String reason) implements PaymentEvent {
	}

	@MessageType("payment.captured.v1")
	record PaymentCaptured(UUID orderId, UUID paymentId, Money amount) implements PaymentEvent {
	}

	/** The hold may still exist and has to be voided. */
	@MessageType("payment.capture-declined.v1")
	record CaptureDeclined(UUID orderId, UUID paymentId, String reason) implements PaymentEvent {
	}

	/** No hold exists any more, or none ever did. */
	@MessageType("payment.voided.v1")
	record PaymentVoided(UUID orderId, UUID paymentId) implements PaymentEvent {
	}

	/**
	 * Money went back. {@code refunded} is this refund, {@code remaining} what of the
	 * capture is still kept; zero means refunded in full.
	 */
	@MessageType("payment.refunded.v1")
	record PaymentRefunded(UUID orderId, UUID paymentId, Money refunded, Money remaining) implements PaymentEvent {
	}

	/**
	 * The provider refuses a void or a refund, and what it has to say about the payment
	 * does not make it superfluous. It is asked again, less and less often; this is told
	 * once.
	 */
	@MessageType("payment.undo-declined.v1")
	record UndoDeclined(UUID orderId, UUID paymentId, String reason) implements PaymentEvent {
	}

}
