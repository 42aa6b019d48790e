package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Personal;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/**
 * What the saga requests from payment-service. Every command may arrive twice. An undo
 * may arrive before the command that it undoes, or without it, and is answered as if it
 * had undone something.
 */
@Topic(Topics.PAYMENT_COMMANDS)
public sealed interface PaymentCommand extends Message {

	UUID orderId();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	/**
	 * Holds the amount. {@code paymentMethod} is the provider's reference, never card
	 * data. Answered by {@link PaymentEvent.PaymentAuthorised} or
	 * {@link PaymentEvent.PaymentDeclined}.
	 */
	@MessageType("payment.authorise.v1")
	record AuthorisePayment(UUID orderId, UUID userId, Money amount,
			@Personal String paymentMethod) implements PaymentCommand {
	}

	/**
	 * Captures the held amount. Answered by {@link PaymentEvent.PaymentCaptured} or
	 * {@link PaymentEvent.CaptureDeclined}.
	 */
	@MessageType("payment.capture.v1")
	record CapturePayment(UUID orderId) implements PaymentCommand {
	}

	/** Releases the hold. Answered by {@link PaymentEvent.PaymentVoided}. */
	@MessageType("payment.void.v1")
	record VoidPayment(UUID orderId) implements PaymentCommand {
	}

	/**
	 * Refunds everything that was captured and is not refunded yet. Answered by
	 * {@link PaymentEvent.PaymentRefunded} after the provider has refunded it.
	 */
	@MessageType("payment.refund.v1")
	record RefundPayment(UUID orderId) implements PaymentCommand {
	}

}
