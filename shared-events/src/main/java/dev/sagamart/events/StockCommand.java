package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.List;
import java.util.UUID;

/**
 * What the saga requests from product-service. Every command may arrive twice. An undo
 * may arrive before the command that it undoes, or without it, and is answered as if it
 * had undone something.
 */
@Topic(Topics.STOCK_COMMANDS)
public sealed interface StockCommand extends Message {

	UUID orderId();

	@Override
	default UUID aggregateId() {
		return orderId();
	}

	/**
	 * Reserves all lines or none, at the quoted unit prices. Answered by
	 * {@link StockEvent.StockReserved} or {@link StockEvent.StockRejected}.
	 */
	@MessageType("stock.reserve.v1")
	record ReserveStock(UUID orderId, List<OrderLine> lines) implements StockCommand {

		public ReserveStock {
			lines = List.copyOf(lines);
		}

	}

	/**
	 * Undoes a reservation that was not sold. Answered by
	 * {@link StockEvent.StockReleased}.
	 */
	@MessageType("stock.release.v1")
	record ReleaseStock(UUID orderId) implements StockCommand {
	}

	/**
	 * Returns the goods of an order that was cancelled after its confirmation, whether or
	 * not the sale is recorded yet. Answered by {@link StockEvent.StockReturned}.
	 */
	@MessageType("stock.return.v1")
	record ReturnStock(UUID orderId) implements StockCommand {
	}

}
