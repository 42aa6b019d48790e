package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.books.ProviderBooks.Intent;
import dev.sagamart.e2e.client.Address;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Payment;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.ServerEvent;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.e2e.client.Stock;
import dev.sagamart.e2e.client.TimelineEntry;
import dev.sagamart.local.PartName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every possible end of an order, through the gateway. The tests check the stock, the
 * payment and the provider's books afterwards.
 */
@WholePlatform
class OrderJourneysIntegrationTests {

	private static final Money PRICE = Money.eur(1999);

	private final RunningPlatform platform;

	private final Session admin;

	private final Session alice;

	OrderJourneysIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.admin = platform.admin();
		this.alice = platform.alice();
	}

	@AfterEach
	void holdsAllInvariants() throws SQLException {
		this.platform.awaitQuiet();
		this.platform.assertInvariantsHold();
	}

	@Test
	void confirmsAnOrderThatIsInStockAndPaid() {
		Product lamp = product(10);
		Product bulb = this.admin.createProduct(Money.eur(250), 10);
		Order order = this.alice.place(OrderRequest.of(lamp, 1).and(bulb, 4));
		assertThat(order.status()).isEqualTo("PENDING");
		assertThat(order.total()).isEqualTo(Money.eur(1999 + 1000));
		order = this.alice.await(order, "CONFIRMED");
		assertThat(order.failure()).isNull();
		assertThat(order.items()).extracting(Order.Item::lineTotal).containsExactly(PRICE, Money.eur(1000));
		assertStock(lamp, new Stock(9, 0, 9, 1));
		assertStock(bulb, new Stock(6, 0, 6, 4));
		assertPaid(order);
	}

	@Test
	void sellsAProductThatOrderServiceDoesNotKnowYet() {
		Order order = settle(OrderRequest.of(this.admin.createProduct(PRICE, 1), 1));
		assertThat(order.status()).isEqualTo("CONFIRMED");
		assertPaid(order);
	}

	@Test
	void rejectsAnOrderIfOnlyItsSecondLineIsOutOfStock() {
		Product plenty = product(10);
		Product rare = product(1);
		Order order = settle(OrderRequest.of(plenty, 2).and(rare, 2));
		assertRejected(order, "OUT_OF_STOCK");
		assertStock(plenty, new Stock(10, 0, 10, 0));
		assertStock(rare, new Stock(1, 0, 1, 0));
		assertNoPayment(order);
	}

	@Test
	void rejectsAnOrderOfADiscontinuedProduct() {
		Product product = product(10);
		this.admin.discontinue(product);
		Reply reply = this.alice.tryToPlace(OrderRequest.of(product, 1), UUID.randomUUID().toString());
		if (reply.status() == 201) {
			Order order = this.alice.awaitSettled(reply.as(Order.class));
			assertRejected(order, "PRODUCT_UNAVAILABLE");
			assertNoPayment(order);
		}
		else {
			assertThat(reply.status()).isEqualTo(422);
		}
	}

	@Test
	void sellsARestoredProduct() {
		Product product = product(10);
		this.admin.discontinue(product);
		assertThat(this.admin.restore(product).id()).isEqualTo(product.id());
		Reply placed = Awaitility.await("order-service to know that the product is restored")
			.atMost(RunningPlatform.TIMEOUT)
			.until(() -> this.alice.tryToPlace(OrderRequest.of(product, 1), UUID.randomUUID().toString()),
					(reply) -> reply.status() == 201);
		assertThat(this.alice.awaitSettled(placed.as(Order.class)).status()).isEqualTo("CONFIRMED");
	}

	@Test
	void rejectsAProductThatOrderServiceDoesNotKnowToBeDiscontinued() {
		Product product = product(10);
		Order order = placeWhileKafkaHangs(product, () -> this.admin.discontinue(product));
		assertRejected(order, "PRODUCT_UNAVAILABLE");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertNoPayment(order);
	}

	@Test
	void rejectsAnOrderAtAnOutdatedPrice() {
		Product product = product(10);
		Order order = placeWhileKafkaHangs(product, () -> this.admin.changePrice(product, Money.eur(2999)));
		assertThat(order.total()).isEqualTo(PRICE);
		assertRejected(order, "PRICE_CHANGED");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertNoPayment(order);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds" })
	void releasesStockWhenPaymentIsDeclined(String card) {
		Product product = product(10);
		Order order = settle(OrderRequest.of(product, 3).payingWith(card));
		assertRejected(order, "PAYMENT_DECLINED");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertThat(payment(order).status()).isEqualTo("DECLINED");
		assertThat(intents(order)).allMatch((intent) -> intent.captured() == 0 && !intent.isHeld());
	}

	@Test
	void undoesEverythingWhenTheCaptureIsDeclined() {
		Product product = product(10);
		Order order = settle(OrderRequest.of(product, 3).payingWith("pm_sim_capture_declined"));
		assertRejected(order, "PAYMENT_DECLINED");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertVoided(order);
	}

	@Test
	void voidsThePaymentWhenTheShipmentIsRefused() {
		Product product = product(10);
		Order order = settle(OrderRequest.of(product, 3).to(Address.undeliverable()));
		assertRejected(order, "SHIPMENT_REFUSED");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertVoided(order);
	}

	@Test
	void rejectsTheOrderWhenTheReservationTimesOut() {
		Product product = product(10);
		this.platform.hang(Parts.PRODUCT_SERVICE);
		Order order;
		try {
			order = this.alice.place(OrderRequest.of(product, 3));
			UUID id = order.id();
			Awaitility.await("the deadline")
				.atMost(RunningPlatform.TIMEOUT)
				.until(() -> this.alice.timeline(this.alice.order(id))
					.stream()
					.anyMatch((entry) -> entry.type().equals("DEADLINE_PASSED")));
		}
		finally {
			this.platform.wake(Parts.PRODUCT_SERVICE);
		}
		order = this.alice.awaitSettled(order);
		assertRejected(order, "TIMED_OUT");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertNoPayment(order);
	}

	@Test
	void cancelsAnOrderDuringItsPayment() {
		Product product = product(10);
		Order order = this.alice.place(OrderRequest.of(product, 3).payingWith("pm_sim_slow"));
		awaitStep(order, "STOCK_RESERVED");
		this.alice.cancel(order).expect(202);
		assertThat(this.alice.order(order.id()).status()).isIn("CANCELLING", "CANCELLED");
		order = this.alice.await(order.id(), Set.of("CANCELLED"), RunningPlatform.TIMEOUT);
		assertThat(order.status()).isEqualTo("CANCELLED");
		assertThat(order.failureCode()).isEqualTo("CANCELLED_BY_CUSTOMER");
		assertStock(product, new Stock(10, 0, 10, 0));
		assertVoided(order);
		this.alice.cancel(order).expect(409);
	}

	@Test
	void refundsAndRestocksACancelledConfirmedOrder() {
		Product product = product(10);
		Order order = settle(OrderRequest.of(product, 3));
		assertThat(order.status()).isEqualTo("CONFIRMED");
		this.alice.cancel(order).expect(202);
		order = this.alice.await(order, "CANCELLED");
		assertThat(order.status()).isEqualTo("CANCELLED");
		assertStock(product, new Stock(10, 0, 10, 0));
		Payment payment = payment(order);
		assertThat(payment.status()).isEqualTo("REFUNDED");
		assertThat(payment.refundedAmount()).isEqualTo(order.total().amount());
		assertThat(intents(order)).singleElement()
			.matches((intent) -> intent.captured() == payment.amount().amount()
					&& intent.refunded() == payment.amount().amount());
	}

	@Test
	void shipsAndDelivers() {
		Product product = product(10);
		Order order = settle(OrderRequest.of(product, 1));
		assertThat(this.admin.deliver(order).status()).isEqualTo(409);
		assertThat(this.alice.ship(order).status()).isEqualTo(403);
		this.admin.ship(order).expect(200);
		order = this.alice.await(order, "SHIPPED");
		assertThat(this.alice.cancel(order).expect(409).code()).isEqualTo("ORDER_NOT_CANCELLABLE");
		assertThat(this.admin.ship(order).status()).isEqualTo(409);
		this.admin.deliver(order).expect(200);
		order = this.alice.await(order, "DELIVERED");
		assertThat(this.alice.cancel(order).expect(409).code()).isEqualTo("ORDER_NOT_CANCELLABLE");
		assertStock(product, new Stock(9, 0, 9, 1));
		assertPaid(order);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pm_sim_flaky", "pm_sim_lost_reply", "pm_sim_slow" })
	void chargesOnceHoweverTheProviderMisbehaves(String method) {
		Product product = product(10);
		Order order = this.alice.place(OrderRequest.of(product, 2).payingWith(method));
		order = this.alice.await(order.id(), Order.SETTLED, RunningPlatform.TIMEOUT);
		assertThat(order.status()).isEqualTo("CONFIRMED");
		assertStock(product, new Stock(8, 0, 8, 2));
		assertPaid(order);
	}

	@Test
	void refundsPartOfAPayment() {
		Product product = product(10);
		Order order = settle(OrderRequest.of(product, 2));
		Payment payment = payment(order);
		String key = UUID.randomUUID().toString();
		Reply refund = this.admin.refund(payment, Money.eur(998), key).expect(201);
		assertThat(this.admin.refund(payment, Money.eur(998), key).expect(201).body()).isEqualTo(refund.body());
		assertThat(this.admin.refund(payment, Money.eur(4000), "too-much").expect(422).code())
			.isEqualTo("REFUND_EXCEEDS_CAPTURE");
		Awaitility.await("the refund")
			.atMost(RunningPlatform.TIMEOUT)
			.until(() -> payment(order).refundedAmount() == 998);
		assertThat(payment(order).status()).isEqualTo("PARTIALLY_REFUNDED");
		assertThat(intents(order)).singleElement().matches((intent) -> intent.refunded() == 998);
		assertThat(this.alice.order(order.id()).status()).isEqualTo("CONFIRMED");
		this.alice.cancel(order).expect(202);
		assertThat(this.alice.await(order, "CANCELLED").status()).isEqualTo("CANCELLED");
		assertThat(intents(order)).singleElement().matches((intent) -> intent.refunded() == order.total().amount());
	}

	@Test
	void sellsToTenOfThirtyBuyersWhenThereAreTen() throws Exception {
		Product product = product(10);
		List<Order> orders = new ArrayList<>();
		List<Session> buyers = newCustomers(30);
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Order>> placed = buyers.stream()
				.map((buyer) -> executor.submit(() -> buyer.place(OrderRequest.of(product, 1))))
				.toList();
			for (Future<Order> order : placed) {
				orders.add(this.admin.awaitSettled(order.get()));
			}
		}
		assertThat(orders).filteredOn((order) -> order.status().equals("CONFIRMED")).hasSize(10);
		assertThat(orders).filteredOn((order) -> order.failureCode().equals("OUT_OF_STOCK")).hasSize(20);
		assertStock(product, new Stock(0, 0, 0, 10));
		assertThat(this.admin.product(product.id()).availability()).isEqualTo("SOLD_OUT");
	}

	@Test
	void replaysAnIdempotencyKeyAfterARestart() {
		OrderRequest request = OrderRequest.of(product(10), 1);
		String key = UUID.randomUUID().toString();
		Reply first = this.alice.tryToPlace(request, key).expect(201);
		this.alice.awaitSettled(first.as(Order.class));
		this.platform.kill(Parts.ORDER_SERVICE);
		this.platform.awaitReady(Parts.ORDER_SERVICE);
		Reply second = Awaitility.await("the gateway to reach order-service")
			.atMost(RunningPlatform.TIMEOUT)
			.pollInterval(Duration.ofMillis(250))
			.until(() -> this.alice.tryToPlace(request, key), (reply) -> reply.status() < 500);
		assertThat(second.status()).isEqualTo(201);
		assertThat(second.body()).isEqualTo(first.body());
		assertThat(second.header("Location")).isEqualTo(first.header("Location")).isNotEmpty();
		assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
		assertThat(first.header("Idempotent-Replayed")).isEmpty();
		OrderRequest other = request.payingWith("pm_card_mastercard");
		assertThat(Api.withRetries(() -> this.alice.tryToPlace(other, key)).expect(422).code())
			.isEqualTo("IDEMPOTENCY_KEY_REUSED");
		assertThat(Api.withRetries(() -> this.platform.bob().tryToPlace(request, key)).expect(201).json().path("id"))
			.isNotEqualTo(first.json().path("id"));
	}

	@Test
	void hidesAnOrderFromOtherUsers() {
		Session bob = this.platform.bob();
		Order order = settle(OrderRequest.of(product(10), 1));
		Payment payment = payment(order);
		for (String path : List.of("", "/timeline", "/events")) {
			assertThat(bob.get("/api/v1/orders/" + order.id() + path).status()).as(path).isEqualTo(404);
		}
		assertThat(bob.cancel(order).status()).isEqualTo(404);
		assertThat(bob.get("/api/v1/payments/" + payment.id()).status()).isEqualTo(404);
		assertThat(bob.get("/api/v1/orders?userId=" + order.userId()).body()).doesNotContain(order.id().toString());
		awaitStep(order, "STOCK_SOLD");
		assertThat(this.admin.order(order.id())).isEqualTo(this.alice.order(order.id()));
		assertThat(this.platform.api().anonymous().get("/api/v1/orders/" + order.id()).status()).isEqualTo(401);
	}

	@Test
	void listsAllStepsOfAnOrderWithoutAGap() {
		Order order = settle(OrderRequest.of(product(10), 1));
		awaitStep(order, "STOCK_SOLD");
		List<TimelineEntry> timeline = this.alice.timeline(order);
		assertThat(timeline).extracting(TimelineEntry::sequence)
			.containsExactlyElementsOf(IntStream.rangeClosed(1, timeline.size()).boxed().toList());
		assertThat(timeline).extracting(TimelineEntry::type)
			.containsSubsequence("ORDER_PLACED", "STOCK_RESERVED", "PAYMENT_AUTHORISED", "SHIPMENT_BOOKED",
					"PAYMENT_CAPTURED", "STOCK_SOLD");
		assertThat(timeline).extracting(TimelineEntry::service)
			.contains("order-service", "product-service", "payment-service");
		assertThat(timeline.getLast().state()).isEqualTo("CONFIRMED");
	}

	@Test
	void streamsTheStepsAndResumesTheStream() {
		Order order = this.alice.place(OrderRequest.of(product(10), 1));
		List<ServerEvent> all = this.alice.events(order.id(), null, (event) -> type(event).equals("STOCK_SOLD"));
		assertThat(all).extracting(OrderJourneysIntegrationTests::type)
			.startsWith("ORDER_PLACED")
			.contains("STOCK_SOLD");
		List<ServerEvent> rest = this.alice.events(order.id(), all.get(1).id(),
				(event) -> type(event).equals("STOCK_SOLD"));
		assertThat(rest).isEqualTo(all.subList(2, all.size()));
	}

	@Test
	void endsTheStreamWithTheOrder() {
		Order order = this.alice.place(OrderRequest.of(product(0), 1));
		List<ServerEvent> events = this.alice.events(order.id(), null, (event) -> false);
		assertThat(events.getLast().data().path("state").asString()).isEqualTo("REJECTED");
	}

	@Test
	void agreesWithTheProvider() {
		settle(OrderRequest.of(product(1), 1));
		assertThat(this.admin.reconciliation().toString()).contains("EUR").contains("\"unmatched\":[]");
		assertThat(this.alice.get("/api/v1/payments/reconciliation").status()).isEqualTo(403);
	}

	private Product product(int stock) {
		Product product = this.admin.createProduct(PRICE, stock);
		this.platform.awaitOnPriceList(product);
		return product;
	}

	/**
	 * Registers only a few at a time, because password hashing is expensive.
	 */
	private List<Session> newCustomers(int count) throws Exception {
		List<Session> customers = new ArrayList<>();
		try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
			List<Future<Session>> registered = IntStream.range(0, count)
				.mapToObj((i) -> executor.submit(() -> this.platform.api().newCustomer()))
				.toList();
			for (Future<Session> customer : registered) {
				customers.add(customer.get());
			}
		}
		return customers;
	}

	private Order settle(OrderRequest request) {
		return this.alice.awaitSettled(this.alice.place(request));
	}

	/**
	 * Suspends Kafka while a product changes and an order is placed, so that
	 * order-service does not know of the change.
	 */
	private Order placeWhileKafkaHangs(Product product, Runnable change) {
		this.platform.hang(PartName.KAFKA);
		Order order;
		try {
			change.run();
			order = this.alice.place(OrderRequest.of(product, 1));
		}
		finally {
			this.platform.wake(PartName.KAFKA);
		}
		return this.alice.awaitSettled(order);
	}

	private void awaitStep(Order order, String type) {
		Awaitility.await(type)
			.atMost(RunningPlatform.TIMEOUT)
			.until(() -> this.alice.timeline(order).stream().anyMatch((entry) -> entry.type().equals(type)));
	}

	private Payment payment(Order order) {
		List<Payment> payments = this.alice.payments(order.id());
		assertThat(payments).hasSize(1);
		return payments.getFirst();
	}

	private List<Intent> intents(Order order) {
		return this.platform.provider().of(order.id());
	}

	private void assertStock(Product product, Stock expected) {
		Awaitility.await()
			.atMost(RunningPlatform.TIMEOUT)
			.untilAsserted(() -> assertThat(this.admin.stock(product)).isEqualTo(expected));
	}

	private void assertPaid(Order order) {
		Payment payment = payment(order);
		assertThat(payment.status()).isEqualTo("CAPTURED");
		assertThat(payment.amount()).isEqualTo(order.total());
		assertThat(payment.capturedAmount()).isEqualTo(order.total().amount());
		assertThat(payment.refundedAmount()).isZero();
		assertThat(intents(order)).singleElement()
			.matches((intent) -> intent.status().equals("succeeded") && intent.captured() == order.total().amount()
					&& intent.refunded() == 0);
	}

	private void assertVoided(Order order) {
		assertThat(payment(order).status()).isEqualTo("VOIDED");
		assertThat(intents(order)).allMatch((intent) -> intent.status().equals("canceled") && intent.captured() == 0);
	}

	private void assertNoPayment(Order order) {
		assertThat(this.alice.payments(order.id())).isEmpty();
		assertThat(intents(order)).isEmpty();
	}

	private static void assertRejected(Order order, String code) {
		assertThat(Map.of("status", order.status(), "code", order.failureCode()))
			.isEqualTo(Map.of("status", "REJECTED", "code", code));
	}

	private static String type(ServerEvent event) {
		return event.data().path("type").asString("");
	}

}
