package dev.sagamart.orders.saga;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.FailureCode;
import dev.sagamart.events.OrderEvent;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.StockCommand;
import dev.sagamart.orders.order.Failure;
import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.shipment.ShipmentDesk;
import dev.sagamart.orders.shipment.ShipmentState;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The steps that sagas take in one transaction, collected in memory: state changes,
 * messages to be sent, shipments, and entries of the journal.
 */
class SagaBatch {

	private final ShipmentDesk shipmentDesk;

	private final SagaProperties properties;

	private final Instant now;

	private final Map<UUID, ShipmentState> shipments = new LinkedHashMap<>();

	private final List<SagaStep> steps = new ArrayList<>();

	private final List<Outgoing> outgoing = new ArrayList<>();

	private final List<SagaMoved.Move> moves = new ArrayList<>();

	SagaBatch(ShipmentDesk shipmentDesk, SagaProperties properties, Instant now) {
		this.shipmentDesk = shipmentDesk;
		this.properties = properties;
		this.now = now;
	}

	Decision handle(Order order, SagaMessage message, MessageContext context) {
		Decision decision = PlaceOrderSaga.decide(order.state(), message);
		if (decision instanceof Decision.Step step) {
			take(step, order, message, context);
		}
		return decision;
	}

	/** Takes a step, and the steps that follow from the answers of our own shipments. */
	void take(Decision.Step step, Order order, SagaMessage message, MessageContext context) {
		OrderState from = order.state();
		if (step.waits()) {
			order.moveTo(step.next());
			order.setTimeLimit(this.properties.timeLimit(step.next(), order.attempts()));
		}
		if (step.because() != null) {
			order.fail(failure(step.because(), message.detail()));
		}
		this.moves
			.add(new SagaMoved.Move(order.id(), from, message.trigger(), step.next(), step.because(), order.age()));
		this.steps.add(new SagaStep(order.id(), order.nextStep(), this.now, message.trigger().sender().service(),
				message.trigger(), step.next(), detail(message, step, order), context.traceId()));
		List<SagaMessage> answers = new ArrayList<>();
		for (SagaCommand command : step.commands()) {
			switch (command) {
				case BOOK_SHIPMENT -> answers.add(book(order));
				case CANCEL_SHIPMENT -> answers.add(cancelShipment(order));
				case SEND_PARCEL -> this.shipments.put(order.id(), ShipmentState.SENT);
				case DELIVER_PARCEL -> this.shipments.put(order.id(), ShipmentState.DELIVERED);
				default -> this.outgoing.add(new Outgoing(messageFor(command, order), context));
			}
		}
		answers.forEach((answer) -> handle(order, answer, context));
	}

	Map<UUID, ShipmentState> shipments() {
		return this.shipments;
	}

	List<SagaStep> steps() {
		return this.steps;
	}

	List<Outgoing> outgoing() {
		return this.outgoing;
	}

	List<SagaMoved.Move> moves() {
		return this.moves;
	}

	private SagaMessage book(Order order) {
		if (!this.shipmentDesk.delivers(order.shippingAddress().postalCode())) {
			return SagaMessage.of(order.id(), Trigger.SHIPMENT_REFUSED);
		}
		this.shipments.put(order.id(), ShipmentState.BOOKED);
		return SagaMessage.of(order.id(), Trigger.SHIPMENT_BOOKED);
	}

	private SagaMessage cancelShipment(Order order) {
		this.shipments.put(order.id(), ShipmentState.CANCELLED);
		return SagaMessage.of(order.id(), Trigger.SHIPMENT_CANCELLED);
	}

	private Message messageFor(SagaCommand command, Order order) {
		UUID id = order.id();
		UUID userId = order.userId();
		return switch (command) {
			case RESERVE_STOCK ->
				new StockCommand.ReserveStock(id, order.lines().stream().map(Order.Line::toMessage).toList());
			case RELEASE_STOCK -> new StockCommand.ReleaseStock(id);
			case RETURN_STOCK -> new StockCommand.ReturnStock(id);
			case AUTHORISE_PAYMENT ->
				new PaymentCommand.AuthorisePayment(id, userId, order.total(), order.paymentMethod());
			case CAPTURE_PAYMENT -> new PaymentCommand.CapturePayment(id);
			case VOID_PAYMENT -> new PaymentCommand.VoidPayment(id);
			case REFUND_PAYMENT -> new PaymentCommand.RefundPayment(id);
			case ANNOUNCE_PLACED -> new OrderEvent.OrderPlaced(id, userId, order.nextEvent(), this.now,
					order.lines().stream().map(Order.Line::toMessage).toList(), order.total());
			case ANNOUNCE_CONFIRMED ->
				new OrderEvent.OrderConfirmed(id, userId, order.nextEvent(), this.now, order.total());
			case ANNOUNCE_SHIPPED -> new OrderEvent.OrderShipped(id, userId, order.nextEvent(), this.now);
			case ANNOUNCE_DELIVERED -> new OrderEvent.OrderDelivered(id, userId, order.nextEvent(), this.now);
			case ANNOUNCE_REJECTED -> rejected(order);
			case ANNOUNCE_CANCELLED -> new OrderEvent.OrderCancelled(id, userId, order.nextEvent(), this.now);
			case BOOK_SHIPMENT, CANCEL_SHIPMENT, SEND_PARCEL, DELIVER_PARCEL ->
				throw new IllegalArgumentException(command + " is not sent as a message");
		};
	}

	private OrderEvent rejected(Order order) {
		Failure failure = order.failure();
		if (failure == null) {
			throw new IllegalStateException("Order " + order.id() + " is rejected without a reason");
		}
		return new OrderEvent.OrderRejected(order.id(), order.userId(), order.nextEvent(), this.now, failure.code(),
				failure.message());
	}

	private static Failure failure(FailureCode code, String detail) {
		return new Failure(code, switch (code) {
			case OUT_OF_STOCK, PRODUCT_UNAVAILABLE, PRICE_CHANGED -> detail;
			case PAYMENT_DECLINED -> DeclineReason.of(detail).sentence();
			case PAYMENT_UNAVAILABLE -> "The payment could not be authorised in time.";
			case SHIPMENT_REFUSED -> "Nothing can be delivered to this address.";
			case TIMED_OUT -> "The order could not be carried out in time.";
			case CANCELLED_BY_CUSTOMER -> "The order was cancelled.";
		});
	}

	/**
	 * What the timeline shows of a step: the detail of the message or the number of the
	 * attempt, and the commands that follow, such as
	 * {@code insufficient_funds → RELEASE_STOCK}.
	 */
	private static String detail(SagaMessage message, Decision.Step step, Order order) {
		String said = (order.attempts() > 1 && step.waits()) ? "attempt " + order.attempts() : message.detail();
		String commands = step.commands().stream().map(Enum::name).collect(Collectors.joining(", "));
		return (said.isEmpty() || commands.isEmpty()) ? said + commands : said + " → " + commands;
	}

}
