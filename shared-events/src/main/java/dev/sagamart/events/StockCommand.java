package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.List;
import java.util.UUID;

/**
 * What the saga asks of product-service. Every command may arrive twice, and an undo may
 * arrive before its do or without it: both are answered as if done.
 */
@Topic(Topics.STOCK_COMMANDS)
public sealed interface StockCommand extends Message {

	UUID orderId();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	/**
	 * Reserve all lines or none, at the quoted unit prices. Answered by
	 * {@link StockEvent.StockReserved} or {@link StockEvent.StockRejected}.
	 */
	@MessageType("stock.reserve.v1")
	record ReserveStock(UUID orderId, List<OrderLine> lines) implements StockCommand {

		public ReserveStock {
			lines = List.copyOf(lines);
		}

	}

	/**
	 * Undo a reservation that was not sold. Answered by {@link StockEvent.StockReleased}.
	 */
	@MessageType("stock.release.v1")
	record ReleaseStock(UUID orderId) implements StockCommand {
	}

	/**
	 * Take the goods of a confirmed, then cancelled order back, whether or not the sale
	 * was recorded yet. Answered by {@link StockEvent.StockReturned}.
	 */
	@MessageType("stock.return.v1")
	record ReturnStock(UUID orderId) implements StockCommand {
	}

}
