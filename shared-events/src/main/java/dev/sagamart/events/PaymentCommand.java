package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Personal;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/**
 * What the saga asks of payment-service. Every command may arrive twice; an undo may
 * arrive before its do or without it and is answered as if done.
 */
@Topic(Topics.PAYMENT_COMMANDS)
public sealed interface PaymentCommand extends Message {

	UUID orderId();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	/**
	 * Hold the amount. {@code paymentMethod} is the provider's reference, never card
	 * data. Answered by {@link PaymentEvent.PaymentAuthorised} or
	 * {@link PaymentEvent.PaymentDeclined}.
	 */
	@MessageType("payment.authorise.v1")
	record AuthorisePayment(UUID orderId, UUID userId, Money amount,
			@Personal String paymentMethod) implements PaymentCommand {
	}

	/**
	 * Take the held amount. Answered by {@link PaymentEvent.PaymentCaptured} or
	 * {@link PaymentEvent.CaptureDeclined}.
	 */
	@MessageType("payment.capture.v1")
	record CapturePayment(UUID orderId) implements PaymentCommand {
	}

	/** Give the hold back. Answered by {@link PaymentEvent.PaymentVoided}. */
	@MessageType("payment.void.v1")
	record VoidPayment(UUID orderId) implements PaymentCommand {
	}

	/**
	 * Give back all that was captured and not refunded yet. Answered by
	 * {@link PaymentEvent.PaymentRefunded} once the provider did it.
	 */
	@MessageType("payment.refund.v1")
	record RefundPayment(UUID orderId) implements PaymentCommand {
	}

}
