package dev.sagamart.payments.payment;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.events.PaymentEvent.UndoDeclined;
import dev.sagamart.payments.payment.Payment.Status;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events that tell the saga the status of a payment. */
final class PaymentReplies {

	/**
	 * The reasons for a refused void or refund that the buyer may see in the timeline.
	 */
	private static final Set<String> UNDO_REASONS = Set.of("unknown_to_provider", "charge_disputed",
			"balance_insufficient");

	private PaymentReplies() {
	}

	/**
	 * The reply to an operation that is unnecessary in the status of the payment; empty
	 * if the provider has to be called.
	 * @throws IllegalStateException if the payment must be authorised or declined first
	 */
	static Optional<PaymentEvent> to(OperationKind kind, Payment payment) {
		@Nullable PaymentEvent reply = switch (kind) {
			case AUTHORISE -> switch (payment.status()) {
				case PENDING -> null;
				case AUTHORISED, CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> authorised(payment);
				case DECLINED, VOIDED -> authorisationDeclined(payment);
			};
			case CAPTURE -> switch (payment.status()) {
				case PENDING -> throw payment.illegalTransition(kind);
				case AUTHORISED -> null;
				case CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> capture(payment);
				case DECLINED, VOIDED -> captureDeclined(payment, reason(payment));
			};
			case VOID -> switch (payment.status()) {
				case PENDING -> throw payment.illegalTransition(kind);
				case AUTHORISED -> null;
				case CAPTURED, PARTIALLY_REFUNDED -> captured(payment);
				case DECLINED, VOIDED, REFUNDED -> voided(payment);
			};
			case REFUND -> switch (payment.status()) {
				case PENDING -> throw payment.illegalTransition(kind);
				case AUTHORISED, CAPTURED, PARTIALLY_REFUNDED -> null;
				case REFUNDED -> refunded(payment);
				case DECLINED, VOIDED -> voided(payment);
			};
			case RETRIEVE -> null;
		};
		return Optional.ofNullable(reply);
	}

	static PaymentEvent authorised(Payment payment) {
		return new PaymentAuthorised(payment.orderId(), payment.id(), payment.amount());
	}

	static PaymentEvent authorisationDeclined(Payment payment) {
		return new PaymentDeclined(payment.orderId(), payment.id(), reason(payment).code());
	}

	/** A partial capture, or one that was fully refunded, does not pay for the order. */
	static PaymentEvent capture(Payment payment) {
		return (payment.capturedAmount().equals(payment.amount()) && payment.status() != Status.REFUNDED)
				? captured(payment) : captureDeclined(payment, DeclineReason.CAPTURED_OTHERWISE);
	}

	static PaymentEvent captureDeclined(Payment payment, DeclineReason reason) {
		return new CaptureDeclined(payment.orderId(), payment.id(), reason.code());
	}

	static PaymentEvent declined(OperationKind call, Payment payment, String reason) {
		return switch (call) {
			case AUTHORISE -> authorisationDeclined(payment);
			case CAPTURE -> captureDeclined(payment, DeclineReason.of(reason));
			case VOID, REFUND ->
				new UndoDeclined(payment.orderId(), payment.id(), UNDO_REASONS.contains(reason) ? reason : "refused");
			case RETRIEVE -> throw payment.illegalTransition(call);
		};
	}

	private static PaymentEvent captured(Payment payment) {
		return new PaymentCaptured(payment.orderId(), payment.id(), payment.capturedAmount());
	}

	static PaymentEvent voided(Payment payment) {
		return new PaymentVoided(payment.orderId(), payment.id());
	}

	static PaymentEvent refunded(Payment payment) {
		return new PaymentRefunded(payment.orderId(), payment.id(), payment.lastRefund(), payment.netAmount());
	}

	private static DeclineReason reason(Payment payment) {
		String failure = payment.failure();
		return (payment.status() == Status.DECLINED && failure != null) ? DeclineReason.of(failure)
				: DeclineReason.VOIDED;
	}

}
