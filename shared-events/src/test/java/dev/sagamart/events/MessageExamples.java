package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** One example of every message, as it stands in the golden files. */
final class MessageExamples {

	private static final UUID ORDER = UUID.fromString("0199f0a0-0000-7000-8000-000000000001");

	private static final UUID USER = UUID.fromString("0199f0a0-0000-7000-8000-000000000002");

	private static final UUID PRODUCT = UUID.fromString("0199f0a0-0000-7000-8000-000000000003");

	private static final UUID PAYMENT = UUID.fromString("0199f0a0-0000-7000-8000-000000000004");

	private static final Instant AT = Instant.parse("2026-03-14T15:09:26.535897Z");

	private static final Money PRICE = new Money(1999, "EUR");

	private static final Money TOTAL = new Money(3998, "EUR");

	private static final List<OrderLine> LINES = List.of(new OrderLine(PRODUCT, 2, PRICE));

	static final List<Message> ALL = List.of(new OrderEvent.OrderPlaced(ORDER, USER, 1, AT, LINES, TOTAL),
			new OrderEvent.OrderConfirmed(ORDER, USER, 2, AT, TOTAL),
			new OrderEvent.OrderRejected(ORDER, USER, 2, AT, FailureCode.OUT_OF_STOCK, "Only 1 left."),
			new OrderEvent.OrderCancelled(ORDER, USER, 3, AT), new OrderEvent.OrderShipped(ORDER, USER, 3, AT),
			new OrderEvent.OrderDelivered(ORDER, USER, 4, AT), new StockCommand.ReserveStock(ORDER, LINES),
			new StockCommand.ReleaseStock(ORDER), new StockCommand.ReturnStock(ORDER),
			new StockEvent.StockReserved(ORDER),
			new StockEvent.StockRejected(ORDER, FailureCode.OUT_OF_STOCK, PRODUCT, "Only 1 left."),
			new StockEvent.StockReleased(ORDER), new StockEvent.StockSold(ORDER), new StockEvent.StockReturned(ORDER),
			new PaymentCommand.AuthorisePayment(ORDER, USER, TOTAL, "pm_card_visa"),
			new PaymentCommand.CapturePayment(ORDER), new PaymentCommand.VoidPayment(ORDER),
			new PaymentCommand.RefundPayment(ORDER), new PaymentEvent.PaymentAuthorised(ORDER, PAYMENT, TOTAL),
			new PaymentEvent.PaymentDeclined(ORDER, PAYMENT, "insufficient_funds"),
			new PaymentEvent.PaymentCaptured(ORDER, PAYMENT, TOTAL),
			new PaymentEvent.CaptureDeclined(ORDER, PAYMENT, "capture_declined"),
			new PaymentEvent.PaymentVoided(ORDER, PAYMENT),
			new PaymentEvent.PaymentRefunded(ORDER, PAYMENT, PRICE, new Money(1999, "EUR")),
			new PaymentEvent.UndoDeclined(ORDER, PAYMENT, "charge_disputed"),
			new ProductEvent.ProductChanged(PRODUCT, "BOOK-0001", "The Long Way Round", PRICE, 7),
			new ProductEvent.ProductDiscontinued(PRODUCT, 8), new UserEvent.UserRegistered(USER),
			new UserEvent.UserErased(USER));

	private MessageExamples() {
	}

}
