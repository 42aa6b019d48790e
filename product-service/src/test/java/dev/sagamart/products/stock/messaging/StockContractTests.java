package dev.sagamart.products.stock.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.test.contract.ConsumerContract;
import dev.sagamart.products.stock.Stock;
import dev.sagamart.products.stock.StockChange;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

/** The contracts for the commands of the saga and the confirmations of orders. */
class StockContractTests {

	private static final UUID ORDER = UUID.fromString("0199f0a0-0000-7000-8000-000000000001");

	private static final UUID USER = UUID.fromString("0199f0a0-0000-7000-8000-000000000002");

	private static final UUID PRODUCT = UUID.fromString("0199f0a0-0000-7000-8000-000000000003");

	private static final ConsumerContract CONTRACT = new ConsumerContract("product-service", "order-service")
		.reads(Topics.STOCK_COMMANDS, "stock.reserve.v1", (command) -> command.uuid("orderId", ORDER)
			.minArrayLike("lines", 1, (line) -> line.uuid("productId", PRODUCT)
				.integerType("quantity", 2)
				.object("unitPrice", (money) -> money.integerType("amount", 1999).stringType("currency", "EUR"))))
		.reads(Topics.STOCK_COMMANDS, "stock.release.v1", (command) -> command.uuid("orderId", ORDER))
		.reads(Topics.STOCK_COMMANDS, "stock.return.v1", (command) -> command.uuid("orderId", ORDER))
		.reads(Topics.ORDER_EVENTS, "order.confirmed.v1",
				(event) -> event.uuid("orderId", ORDER)
					.uuid("userId", USER)
					.integerType("sequence", 2)
					.stringMatcher("at", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "2026-03-14T15:09:26.535897Z")
					.object("total", (money) -> money.integerType("amount", 3998).stringType("currency", "EUR")));

	private final Stock stock = Mockito.mock();

	private final Subscription subscription = new StockMessaging().stockSubscription(this.stock);

	@ParameterizedTest
	@CsvSource({ "stock.reserve.v1, RESERVE", "stock.release.v1, RELEASE", "stock.return.v1, RETURN",
			"order.confirmed.v1, SELL" })
	void acceptsCommandsAndConfirmations(String type, String kind) {
		StockChange change = taken(type);
		assertThat(change.orderId()).isEqualTo(ORDER);
		assertThat(change).extracting("kind").hasToString(kind);
	}

	@Test
	void acceptsTheLinesOfAReservation() {
		assertThat(taken("stock.reserve.v1").lines())
			.containsExactly(new OrderLine(PRODUCT, 2, new Money(1999, "EUR")));
	}

	@Test
	void isCommitted() {
		CONTRACT.requireCommitted();
	}

	private StockChange taken(String type) {
		this.subscription.handle(List.of(this.subscription.read(CONTRACT.example(type))));
		return Mockito.mockingDetails(this.stock)
			.getInvocations()
			.iterator()
			.next()
			.<List<StockChange>>getArgument(0)
			.getFirst();
	}

}
