package dev.sagamart.orders.saga;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.FailureCode;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.StockEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an order: an answer of a participant, the request of a
 * person, or a passed deadline.
 *
 * @param detail what the timeline shows of it
 * @param code why a participant refused, if it said so
 */
public record SagaMessage(UUID orderId, Trigger trigger, String detail, @Nullable FailureCode code) {

	public static SagaMessage of(UUID orderId, Trigger trigger) {
		return new SagaMessage(orderId, trigger, "", null);
	}

	static SagaMessage of(UUID orderId, Trigger trigger, String detail) {
		return new SagaMessage(orderId, trigger, detail, null);
	}

	public static SagaMessage from(StockEvent event) {
		return switch (event) {
			case StockEvent.StockReserved _ -> of(event.orderId(), Trigger.STOCK_RESERVED);
			case StockEvent.StockRejected rejected ->
				new SagaMessage(event.orderId(), Trigger.STOCK_REJECTED, rejected.message(), rejected.code());
			case StockEvent.StockReleased _ -> of(event.orderId(), Trigger.STOCK_RELEASED);
			case StockEvent.StockSold _ -> of(event.orderId(), Trigger.STOCK_SOLD);
			case StockEvent.StockReturned _ -> of(event.orderId(), Trigger.STOCK_RETURNED);
		};
	}

	public static SagaMessage from(PaymentEvent event) {
		return switch (event) {
			case PaymentEvent.PaymentAuthorised _ -> of(event.orderId(), Trigger.PAYMENT_AUTHORISED);
			case PaymentEvent.PaymentDeclined declined ->
				of(event.orderId(), Trigger.PAYMENT_DECLINED, DeclineReason.of(declined.reason()).code());
			case PaymentEvent.PaymentCaptured _ -> of(event.orderId(), Trigger.PAYMENT_CAPTURED);
			case PaymentEvent.CaptureDeclined declined ->
				of(event.orderId(), Trigger.CAPTURE_DECLINED, DeclineReason.of(declined.reason()).code());
			case PaymentEvent.PaymentVoided _ -> of(event.orderId(), Trigger.PAYMENT_VOIDED);
			case PaymentEvent.PaymentRefunded refunded -> of(event.orderId(),
					refunded.remaining().signum() > 0 ? Trigger.PAYMENT_PARTLY_REFUNDED : Trigger.PAYMENT_REFUNDED);
			case PaymentEvent.UndoDeclined declined ->
				of(event.orderId(), Trigger.PAYMENT_UNDO_DECLINED, declined.reason());
		};
	}

}
