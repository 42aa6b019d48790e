package dev.sagamart.users.notification.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verifyNoInteractions;

import au.com.dius.pact.consumer.dsl.LambdaDslJsonBody;
import au.com.dius.pact.consumer.dsl.LambdaDslObject;
import dev.sagamart.events.Money;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.test.contract.ConsumerContract;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notifications;
import dev.sagamart.users.notification.OrderNotification;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

/** What notifications read of orders. */
class OrderEventContractTests {

	private static final UUID ORDER = UUID.fromString("0199f0a0-0000-7000-8000-000000000001");

	private static final UUID USER = UUID.fromString("0199f0a0-0000-7000-8000-000000000002");

	private static final UUID PRODUCT = UUID.fromString("0199f0a0-0000-7000-8000-000000000003");

	private static final String AT = "2026-03-14T15:09:26.535897Z";

	private static final ConsumerContract CONTRACT = contract();

	private final Notifications notifications = Mockito.mock();

	private final Subscription subscription = new OrderEventSubscription().orderEvents(this.notifications);

	private static ConsumerContract contract() {
		ConsumerContract contract = new ConsumerContract("user-service.notifications", "order-service");
		for (String type : List.of("order.cancelled.v1", "order.shipped.v1", "order.delivered.v1")) {
			contract.reads(Topics.ORDER_EVENTS, type, OrderEventContractTests::common);
		}
		return contract
			.reads(Topics.ORDER_EVENTS, "order.confirmed.v1",
					(event) -> common(event).object("total",
							(money) -> money.integerType("amount", 3998).stringType("currency", "EUR")))
			.reads(Topics.ORDER_EVENTS, "order.rejected.v1",
					(event) -> common(event).stringType("code", "OUT_OF_STOCK").stringType("message", "Only 1 left."))
			.reads(Topics.ORDER_EVENTS, "order.placed.v1", (event) -> common(event)
				.minArrayLike("lines", 1, (line) -> line.uuid("productId", PRODUCT)
					.integerType("quantity", 2)
					.object("unitPrice", (money) -> money.integerType("amount", 1999).stringType("currency", "EUR")))
				.object("total", (money) -> money.integerType("amount", 3998).stringType("currency", "EUR")));
	}

	private static LambdaDslObject common(LambdaDslJsonBody event) {
		return event.uuid("orderId", ORDER)
			.uuid("userId", USER)
			.integerType("sequence", 2)
			.stringMatcher("at", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", AT);
	}

	@ParameterizedTest
	@CsvSource({ "order.confirmed.v1, ORDER_CONFIRMED", "order.rejected.v1, ORDER_REJECTED",
			"order.cancelled.v1, ORDER_CANCELLED", "order.shipped.v1, ORDER_SHIPPED",
			"order.delivered.v1, ORDER_DELIVERED" })
	void takesWhatBecameOfAnOrder(String type, Kind kind) {
		take(type);
		List<OrderNotification> recorded = Mockito.mockingDetails(this.notifications)
			.getInvocations()
			.iterator()
			.next()
			.getArgument(0);
		Money total = (kind == Kind.ORDER_CONFIRMED) ? new Money(3998, "EUR") : null;
		assertThat(recorded).singleElement()
			.usingRecursiveComparison()
			.ignoringFields("id")
			.isEqualTo(new OrderNotification(UUID.randomUUID(), kind, USER, ORDER, total, Instant.parse(AT)));
	}

	@Test
	void readsAndPassesOverAPlacedOrder() {
		take("order.placed.v1");
		verifyNoInteractions(this.notifications);
	}

	@Test
	void isCommitted() {
		CONTRACT.requireCommitted();
	}

	private void take(String type) {
		this.subscription.handle(List.of(this.subscription.read(CONTRACT.example(type))));
	}

}
