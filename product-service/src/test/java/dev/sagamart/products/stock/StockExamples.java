package dev.sagamart.products.stock;

import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import dev.sagamart.platform.messages.Message;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Examples of the events of stock. */
public final class StockExamples {

	private static final Money PRICE = new Money(1999, "EUR");

	private StockExamples() {
	}

	/** At least one event of every type. */
	public static Stream<Message> events() {
		UUID lamp = UUID.randomUUID();
		StockBatch batch = new StockBatch(Map.of(lamp, new Offer("Lamp", PRICE, true)),
				Map.of(lamp, new StockLevel(10, 0, 0)), Map.of());
		UUID bought = UUID.randomUUID();
		return Stream
			.of(batch.reserve(bought, List.of(new OrderLine(lamp, 2, PRICE))), batch.confirm(bought),
					batch.returnStock(bought), batch.release(UUID.randomUUID()),
					batch.reserve(UUID.randomUUID(), List.of(new OrderLine(lamp, 11, PRICE))))
			.flatMap(List::stream);
	}

}
