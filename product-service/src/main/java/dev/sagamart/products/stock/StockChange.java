package dev.sagamart.products.stock;

import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockCommand.ReleaseStock;
import dev.sagamart.events.StockCommand.ReserveStock;
import dev.sagamart.events.StockCommand.ReturnStock;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.inbox.Received;
import java.util.List;
import java.util.UUID;

/**
 * What is to happen to the stock of an order.
 *
 * @param lines of a reservation, else empty
 * @param context that the answer continues
 */
public record StockChange(UUID orderId, Kind kind, List<OrderLine> lines, MessageContext context) {

	public StockChange {
		lines = List.copyOf(lines);
	}

	enum Kind {

		RESERVE, RELEASE, TAKE_BACK, SELL

	}

	/** What the saga asks. */
	public static StockChange wanted(Received<StockCommand> received) {
		return switch (received.message()) {
			case ReserveStock reserve ->
				new StockChange(reserve.orderId(), Kind.RESERVE, sane(reserve), received.context());
			case ReleaseStock release ->
				new StockChange(release.orderId(), Kind.RELEASE, List.of(), received.context());
			case ReturnStock takeBack ->
				new StockChange(takeBack.orderId(), Kind.TAKE_BACK, List.of(), received.context());
		};
	}

	/** A confirmed order makes a sale of its reservation. */
	public static StockChange sale(Received<OrderConfirmed> received) {
		return new StockChange(received.message().orderId(), Kind.SELL, List.of(), received.context());
	}

	private static List<OrderLine> sane(ReserveStock reserve) {
		if (reserve.lines().isEmpty() || reserve.lines().stream().anyMatch((line) -> line.quantity() < 1)) {
			throw new IllegalArgumentException("Order " + reserve.orderId() + " wants nothing, or less than nothing");
		}
		return reserve.lines();
	}

}
