package dev.sagamart.payments.payment;

import static dev.sagamart.payments.PaymentFixtures.eur;

import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.events.PaymentEvent.UndoDeclined;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.payment.Payment.Status;
import dev.sagamart.platform.messaging.MessageContext;
import java.time.Instant;
import java.util.UUID;
import org.springframework.test.util.ReflectionTestUtils;

/** Payments in every status, and their operations. */
final class OperationFixtures {

	private OperationFixtures() {
	}

	static Payment payment(Status status) {
		return payment(UUID.randomUUID(), status);
	}

	static Payment payment(UUID orderId, Status status) {
		Payment payment = Payment.of(PaymentFixtures.authorise(orderId, "pm_card_visa"), Instant.EPOCH);
		switch (status) {
			case PENDING -> {
			}
			case DECLINED -> payment.declined(OperationKind.AUTHORISE, "no_money", null);
			case AUTHORISED -> payment.authorised("pi_1");
			case VOIDED -> {
				payment.authorised("pi_1");
				payment.holdReleased();
			}
			case CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> {
				payment.authorised("pi_1");
				payment.captureSucceeded();
				if (status != Status.CAPTURED) {
					payment.refundSucceeded(eur((status == Status.REFUNDED) ? 1999 : 500));
				}
			}
		}
		return payment;
	}

	static Operation operation(OperationKind kind, Payment payment) {
		return Operation.of(payment, kind, new MessageContext("c", null));
	}

	/** An operation as if it had been read from the database. */
	static Operation stored(long id, Operation operation) {
		ReflectionTestUtils.setField(operation, "id", id);
		return operation;
	}

	/** An operation as if it had been taken for the n-th time. */
	static Operation taken(int attempts, Operation operation) {
		ReflectionTestUtils.setField(operation, "attempts", attempts);
		ReflectionTestUtils.setField(operation, "asked", true);
		ReflectionTestUtils.setField(operation, "askedBefore", attempts > 1);
		return stored(7, operation);
	}

	/** A short name of an event, with its reason if it has one. */
	static String name(PaymentEvent event) {
		return switch (event) {
			case PaymentAuthorised _ -> "authorised";
			case PaymentCaptured _ -> "captured";
			case PaymentVoided _ -> "voided";
			case PaymentRefunded _ -> "refunded";
			case PaymentDeclined declined -> "declined:" + declined.reason();
			case CaptureDeclined declined -> "captureDeclined:" + declined.reason();
			case UndoDeclined declined -> "undoDeclined:" + declined.reason();
		};
	}

}
