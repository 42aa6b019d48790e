package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to the stock of an order; published by product-service. */
@Topic(Topics.STOCK_EVENTS)
public sealed interface StockEvent extends Message {

	UUID orderId();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	@MessageType("stock.reserved.v1")
	record StockReserved(UUID orderId) implements StockEvent {
	}

	/**
	 * Nothing was reserved. {@code code} is one of OUT_OF_STOCK, PRODUCT_UNAVAILABLE and
	 * PRICE_CHANGED; {@code productId} is that of the first line that cannot be reserved.
	 */
	@MessageType("stock.rejected.v1")
	record StockRejected(UUID orderId, FailureCode code, @Nullable UUID productId,
			String message) implements StockEvent {
	}

	@MessageType("stock.released.v1")
	record StockReleased(UUID orderId) implements StockEvent {
	}

	@MessageType("stock.sold.v1")
	record StockSold(UUID orderId) implements StockEvent {
	}

	@MessageType("stock.returned.v1")
	record StockReturned(UUID orderId) implements StockEvent {
	}

}
