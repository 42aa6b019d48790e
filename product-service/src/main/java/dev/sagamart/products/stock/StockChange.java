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
 * A change of the stock of one order.
 *
 * @param lines of a reservation; otherwise empty
 * @param context the message context for the replies
 */
public record StockChange(UUID orderId, Kind kind, List<OrderLine> lines, MessageContext context) {

	public StockChange {
		lines = List.copyOf(lines);
	}

	enum Kind {

		RESERVE, RELEASE, RETURN, SELL

	}

	public static StockChange fromCommand(Received<StockCommand> received) {
		return switch (received.message()) {
			case ReserveStock reserve ->
				new StockChange(reserve.orderId(), Kind.RESERVE, validLines(reserve), received.context());
			case ReleaseStock release ->
				new StockChange(release.orderId(), Kind.RELEASE, List.of(), received.context());
			case ReturnStock returnStock ->
				new StockChange(returnStock.orderId(), Kind.RETURN, List.of(), received.context());
		};
	}

	/** Converts the confirmation of an order, which sells its reservation. */
	public static StockChange fromConfirmation(Received<OrderConfirmed> received) {
		return new StockChange(received.message().orderId(), Kind.SELL, List.of(), received.context());
	}

	private static List<OrderLine> validLines(ReserveStock reserve) {
		if (reserve.lines().isEmpty() || reserve.lines().stream().anyMatch((line) -> line.quantity() < 1)) {
			throw new IllegalArgumentException(
					"The reservation of order " + reserve.orderId() + " must have lines with positive quantities");
		}
		return reserve.lines();
	}

}
