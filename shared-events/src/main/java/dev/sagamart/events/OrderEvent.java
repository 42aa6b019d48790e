package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What happened to an order; published by order-service. {@code sequence} numbers the
 * events of an order from 1 without a gap.
 */
@Topic(Topics.ORDER_EVENTS)
public sealed interface OrderEvent extends Message {

	UUID orderId();

	UUID userId();

	int sequence();

	Instant at();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	@MessageType("order.placed.v1")
	record OrderPlaced(UUID orderId, UUID userId, int sequence, Instant at, List<OrderLine> lines,
			Money total) implements OrderEvent {

		public OrderPlaced {
			lines = List.copyOf(lines);
		}

	}

	/**
	 * The order is paid and its shipment is booked. product-service then turns the
	 * reservation into a sale.
	 */
	@MessageType("order.confirmed.v1")
	record OrderConfirmed(UUID orderId, UUID userId, int sequence, Instant at, Money total) implements OrderEvent {
	}

	@MessageType("order.rejected.v1")
	record OrderRejected(UUID orderId, UUID userId, int sequence, Instant at, FailureCode code,
			String message) implements OrderEvent {
	}

	@MessageType("order.cancelled.v1")
	record OrderCancelled(UUID orderId, UUID userId, int sequence, Instant at) implements OrderEvent {
	}

	@MessageType("order.shipped.v1")
	record OrderShipped(UUID orderId, UUID userId, int sequence, Instant at) implements OrderEvent {
	}

	@MessageType("order.delivered.v1")
	record OrderDelivered(UUID orderId, UUID userId, int sequence, Instant at) implements OrderEvent {
	}

}
