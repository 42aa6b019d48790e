package dev.sagamart.products.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.OrderEvent.OrderRejected;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockCommand.ReleaseStock;
import dev.sagamart.events.StockCommand.ReserveStock;
import dev.sagamart.events.StockCommand.ReturnStock;
import dev.sagamart.events.StockEvent;
import dev.sagamart.events.StockEvent.StockRejected;
import dev.sagamart.events.StockEvent.StockReleased;
import dev.sagamart.events.StockEvent.StockReserved;
import dev.sagamart.events.StockEvent.StockReturned;
import dev.sagamart.events.StockEvent.StockSold;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.products.ProductApi;
import dev.sagamart.products.ProductServiceApplication;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@PlatformTest
class StockIntegrationTests {

	private static final Money PRICE = new Money(1000, "EUR");

	@Autowired
	KafkaMessages messages;

	@Autowired
	Stock stock;

	@Autowired
	JdbcClient jdbc;

	@Autowired
	Environment environment;

	private ProductApi api;

	private TransactionTemplate transaction;

	private final UUID order = UUID.randomUUID();

	@BeforeEach
	void open(@Autowired RestTestClient client, @Autowired TestTokens tokens,
			@Autowired PlatformTransactionManager transactions) {
		this.api = new ProductApi(client, tokens);
		this.transaction = new TransactionTemplate(transactions);
	}

	@Test
	void validatesAndRecordsAdjustments() {
		UUID id = this.api.product(1000, 10);
		assertThat(this.api.adjust(id, 5).expect(201).json().path("stock").path("onHand").asLong()).isEqualTo(15);
		this.api.adjust(id, -3).expect(201);
		reserve(this.order, line(id, 10));
		this.messages.await(StockReserved.class, this.order);
		this.api.adjust(id, -3).expect(409, "STOCK_WOULD_BE_NEGATIVE");
		this.api.adjust(id, -2).expect(201);
		assertThat(this.api.stock(id)).containsExactly(10L, 10L, 0L, 0L);
		assertThat(this.jdbc.sql("SELECT delta FROM stock_adjustment WHERE product_id = ? ORDER BY id")
			.param(id)
			.query(Long.class)
			.list()).containsExactly(5L, -3L, -2L);
		this.api.adjust(id, 0).expect(422, "VALIDATION_FAILED");
		this.api.adjust(id, 1_000_001).expect(422, "VALIDATION_FAILED");
		String uri = "/api/v1/products/" + id + "/stock-adjustments";
		this.api.post(uri, Map.of("delta", 1)).expect(422, "VALIDATION_FAILED");
		this.api.post(uri, Map.of("reason", "x")).expect(422, "VALIDATION_FAILED");
		this.api.post(uri, Map.of("delta", 1.5, "reason", "x")).expect(400);
		this.api.adjust(UUID.randomUUID(), 1).expect(404, "NOT_FOUND");
		this.api.getAsAdmin("/api/v1/products/" + UUID.randomUUID() + "/stock").expect(404, "NOT_FOUND");
		this.api.getAsAdmin("/api/v1/products/x/stock").expect(400, "MALFORMED_ID");
	}

	@Test
	void adjustmentsAreVisibleInTheCatalogueImmediately() {
		UUID id = this.api.product(1000, 6);
		assertThat(availability(id)).isEqualTo("IN_STOCK");
		this.api.adjust(id, -1).expect(201);
		assertThat(availability(id)).isEqualTo("LOW");
		this.api.adjust(id, -5).expect(201);
		assertThat(availability(id)).isEqualTo("SOLD_OUT");
	}

	@Test
	void anOrderIsReservedSoldAndReturned() {
		UUID lamp = this.api.product(1000, 10);
		UUID chair = this.api.product(1000, 3);
		UUID eventId = UUID.randomUUID();
		this.messages.send(eventId, new ReserveStock(this.order, List.of(line(lamp, 4), line(chair, 1), line(lamp, 2))),
				Map.of("correlationId", "a-customer-clicked"));
		this.messages.await(StockReserved.class, this.order);
		assertThat(this.api.stock(lamp)).containsExactly(10L, 6L, 4L, 0L);
		assertThat(this.api.stock(chair)).containsExactly(3L, 1L, 2L, 0L);
		assertThat(this.messages
			.await((heard) -> heard.as(StockReserved.class)
				.filter((reserved) -> reserved.orderId().equals(this.order))
				.isPresent())
			.headers()).containsEntry("correlationId", "a-customer-clicked");

		this.messages.send(confirmed(this.order));
		this.messages.await(StockSold.class, this.order);
		assertThat(this.api.stock(lamp)).containsExactly(4L, 0L, 4L, 6L);

		this.messages.send(new ReturnStock(this.order));
		this.messages.await(StockReturned.class, this.order);
		assertThat(this.api.stock(lamp)).containsExactly(10L, 0L, 10L, 0L);
		assertThat(this.api.stock(chair)).containsExactly(3L, 0L, 3L, 0L);
	}

	@Test
	void anOrderIsReservedAndReleased() {
		UUID id = this.api.product(1000, 10);
		reserve(this.order, line(id, 10));
		this.messages.await(StockReserved.class, this.order);
		this.messages.send(new ReleaseStock(this.order));
		this.messages.await(StockReleased.class, this.order);
		assertThat(this.api.stock(id)).containsExactly(10L, 0L, 10L, 0L);
		assertThat(status(this.order)).isEqualTo("RELEASED");
	}

	@Test
	void rejectionsContainTheReason() {
		UUID scarce = this.api.product("Scarce lamp", "lamps", 1000, 2);
		UUID gone = this.api.product("Gone lamp", "lamps", 1000, 2);
		this.api.delete(gone).expect(204);
		UUID unknown = UUID.randomUUID();
		assertThat(rejection(line(scarce, 3))).isEqualTo(new StockRejected(this.order, FailureCode.OUT_OF_STOCK, scarce,
				"Scarce lamp has only 2 left in stock."));
		assertThat(rejection(UUID.randomUUID(), line(gone, 1))).satisfies((rejected) -> {
			assertThat(rejected.code()).isEqualTo(FailureCode.PRODUCT_UNAVAILABLE);
			assertThat(rejected.message()).isEqualTo("Gone lamp is no longer sold.");
		});
		assertThat(rejection(UUID.randomUUID(), line(scarce, 1), line(unknown, 1))).satisfies((rejected) -> {
			assertThat(rejected.code()).isEqualTo(FailureCode.PRODUCT_UNAVAILABLE);
			assertThat(rejected.productId()).isEqualTo(unknown);
		});
		assertThat(this.api.stock(scarce)).containsExactly(2L, 0L, 2L, 0L);
	}

	@Test
	void rejectsAChangedPrice() {
		UUID id = this.api.product("Dear lamp", "lamps", 1000, 2);
		Map<String, Object> body = this.api.bodyOf(id);
		body.put("price", Map.of("amount", 1250, "currency", "EUR"));
		this.api.put(id, body).expect(200);
		assertThat(rejection(line(id, 1)))
			.isEqualTo(new StockRejected(this.order, FailureCode.PRICE_CHANGED, id, "Dear lamp now costs 12.50 EUR."));
		UUID again = UUID.randomUUID();
		reserve(again, new OrderLine(id, 1, new Money(1250, "EUR")));
		this.messages.await(StockReserved.class, again);
	}

	@Test
	void repliesToRepeatedCommandsWithoutChanges() {
		UUID id = this.api.product(1000, 5);
		UUID unavailable = UUID.randomUUID();
		UUID eventId = UUID.randomUUID();
		ReserveStock reserve = new ReserveStock(this.order, List.of(line(id, 2)));
		this.messages.send(eventId, reserve);
		this.messages.send(eventId, reserve);
		this.messages.send(reserve);
		reserve(unavailable, line(id, 9));
		reserve(unavailable, line(id, 9));
		assertThat(this.messages.await(StockRejected.class, unavailable, 2)).containsExactly(
				new StockRejected(unavailable, FailureCode.OUT_OF_STOCK, id, "Product has only 3 left in stock."),
				new StockRejected(unavailable, FailureCode.OUT_OF_STOCK, id, "Product has only 3 left in stock."));
		this.messages.await(StockReserved.class, this.order, 2);
		assertThat(this.api.stock(id)).containsExactly(5L, 2L, 3L, 0L);
		for (int i = 0; i < 3; i++) {
			this.messages.send(confirmed(this.order));
		}
		this.messages.await(StockSold.class, this.order, 3);
		assertThat(this.api.stock(id)).containsExactly(3L, 0L, 3L, 2L);
		for (int i = 0; i < 3; i++) {
			this.messages.send(new ReturnStock(this.order));
		}
		this.messages.await(StockReturned.class, this.order, 3);
		this.messages.send(confirmed(this.order));
		this.messages.send(new ReleaseStock(this.order));
		this.messages.await(StockReleased.class, this.order);
		assertThat(this.api.stock(id)).containsExactly(5L, 0L, 5L, 0L);
		assertThat(this.messages.received(StockReserved.class, this.order)).hasSize(2);
	}

	@Test
	void anUndoBeforeItsDoLeavesATombstone() {
		UUID id = this.api.product(1000, 5);
		this.messages.send(new ReleaseStock(this.order));
		this.messages.await(StockReleased.class, this.order);
		reserve(this.order, line(id, 2));
		this.messages.await(StockReleased.class, this.order, 2);
		UUID returned = UUID.randomUUID();
		this.messages.send(new ReturnStock(returned));
		this.messages.await(StockReturned.class, returned);
		reserve(returned, line(id, 2));
		this.messages.await(StockReturned.class, returned, 2);
		assertThat(this.api.stock(id)).containsExactly(5L, 0L, 5L, 0L);
		assertThat(this.messages.received(StockReserved.class, this.order)).isEmpty();
	}

	@Test
	void aReturnBeforeTheSaleReleasesTheStockOnce() {
		UUID id = this.api.product(1000, 5);
		reserve(this.order, line(id, 2));
		this.messages.send(new ReturnStock(this.order));
		this.messages.await(StockReturned.class, this.order);
		assertThat(this.api.stock(id)).containsExactly(5L, 0L, 5L, 0L);
		handle(confirmed(this.order));
		assertThat(this.api.stock(id)).containsExactly(5L, 0L, 5L, 0L);
		assertThat(status(this.order)).isEqualTo("RETURNED");
	}

	@Test
	void everyOrderOfDeliveryHasTheSameResult() {
		UUID id = this.api.product(1000, 100);
		for (List<Integer> permutation : permutations(List.of(0, 1, 2))) {
			UUID shuffled = UUID.randomUUID();
			List<Message> story = List.of(new ReserveStock(shuffled, List.of(line(id, 2))), confirmed(shuffled),
					new ReturnStock(shuffled));
			permutation.forEach((i) -> handle(story.get(i), story.get(i)));
			assertThat(status(shuffled)).isEqualTo("RETURNED");
			assertThat(this.api.stock(id)).containsExactly(100L, 0L, 100L, 0L);
		}
		UUID early = UUID.randomUUID();
		handle(confirmed(early));
		handle(new ReserveStock(early, List.of(line(id, 2))));
		assertThat(status(early)).isEqualTo("SOLD");
		assertThat(this.api.stock(id)).containsExactly(98L, 0L, 98L, 2L);
	}

	@Test
	void thirtyOrdersForTenUnitsReserveTen() {
		UUID id = this.api.product(1000, 10);
		List<UUID> orders = Stream.generate(UUID::randomUUID).limit(30).toList();
		try (ExecutorService buyers = Executors.newVirtualThreadPerTaskExecutor()) {
			orders.forEach((buyer) -> buyers.submit(() -> reserve(buyer, line(id, 1))));
		}
		await().until(() -> replied(orders) == 30);
		assertThat(orders.stream().filter((buyer) -> !this.messages.received(StockReserved.class, buyer).isEmpty()))
			.hasSize(10);
		assertThat(this.api.stock(id)).containsExactly(10L, 10L, 0L, 0L);
	}

	@Test
	void twoInstancesNeitherOversellNorBlockEachOther() {
		List<UUID> products = Stream.generate(() -> this.api.product(1000, 40)).limit(5).toList();
		Random random = new Random(7);
		List<UUID> orders = Stream.generate(UUID::randomUUID).limit(300).toList();
		try (ConfigurableApplicationContext _ = secondInstance()) {
			assertThat(this.api.get("/api/v1/products?q=TOY-001").expect(200).json().path("items")).isNotEmpty();
			for (UUID buyer : orders) {
				List<UUID> chosen = new ArrayList<>(products);
				Collections.shuffle(chosen, random);
				reserve(buyer, line(chosen.get(0), 1), line(chosen.get(1), 1), line(chosen.get(2), 1));
				if (random.nextInt(3) == 0) {
					this.messages.send(new ReleaseStock(buyer));
				}
				if (random.nextInt(10) == 0) {
					this.api.adjust(products.get(random.nextInt(5)), 1).expect(201);
				}
			}
			await().until(() -> replied(orders) == 300);
		}
		await().untilAsserted(() -> products.forEach(this::assertThatStockAddsUp));
	}

	@Test
	void concurrentBatchesNeitherDeadlockNorOversell() throws Exception {
		List<UUID> products = Stream.generate(() -> this.api.product(1000, 50)).limit(8).toList();
		List<UUID> orders = Stream.generate(UUID::randomUUID).limit(40).toList();
		List<Future<?>> results = new ArrayList<>();
		try (ExecutorService instances = Executors.newFixedThreadPool(6)) {
			for (int batch = 0; batch < 60; batch++) {
				Random random = new Random(batch);
				results.add(instances.submit(() -> handle(IntStream.range(0, 20).mapToObj((i) -> {
					UUID any = orders.get(random.nextInt(orders.size()));
					return switch (random.nextInt(5)) {
						case 0 -> new ReleaseStock(any);
						case 1 -> confirmed(any);
						case 2 -> new ReturnStock(any);
						default -> new ReserveStock(any, List.of(line(products.get(random.nextInt(8)), 3),
								line(products.get(random.nextInt(8)), 2)));
					};
				}).toArray(Message[]::new))));
				results.add(instances.submit(() -> this.api.adjust(products.get(random.nextInt(8)), 1).expect(201)));
			}
			for (Future<?> result : results) {
				result.get();
			}
		}
		products.forEach(this::assertThatStockAddsUp);
	}

	@Test
	void handlesLargeBatches() {
		List<UUID> products = Stream.generate(() -> this.api.product(1000, 100_000)).limit(50).toList();
		Random random = new Random(1);
		for (int round = 0; round < 5; round++) {
			Message[] reserves = Stream
				.generate(() -> (Message) new ReserveStock(UUID.randomUUID(),
						List.of(line(products.get(random.nextInt(50)), 1), line(products.get(random.nextInt(50)), 2))))
				.limit(500)
				.toArray(Message[]::new);
			handle(reserves);
		}
		products.forEach(this::assertThatStockAddsUp);
		assertThat(products.stream().mapToLong((id) -> this.api.stock(id).get(1)).sum()).isEqualTo(7500);
	}

	@Test
	void invalidMessagesDoNotBlockTheOthers() {
		UUID id = this.api.product(1000, 5);
		UUID nothing = UUID.randomUUID();
		this.messages.send(new ReserveStock(nothing, List.of()));
		this.messages.send(new ReserveStock(nothing, List.of(line(id, -1))));
		this.messages
			.send(new OrderRejected(this.order, UUID.randomUUID(), 2, Instant.now(), FailureCode.TIMED_OUT, ""));
		reserve(this.order, line(id, 1));
		this.messages.await(StockReserved.class, this.order);
		String deadLetters = Topics.STOCK_COMMANDS + ".product-service.dlt";
		this.messages.await((heard) -> heard.topic().equals(deadLetters) && nothing.toString().equals(heard.key()));
		assertThat(this.api.stock(id)).containsExactly(5L, 1L, 4L, 0L);
	}

	@Test
	void databaseConstraintsRefuseInconsistentStock() {
		UUID id = this.api.product(1000, 5);
		for (String change : List.of("on_hand = -1", "reserved = -1", "reserved = 6", "sold = -1")) {
			assertThatThrownBy(
					() -> this.jdbc.sql("UPDATE stock SET " + change + " WHERE product_id = ?").param(id).update())
				.hasMessageContaining("check constraint");
		}
	}

	private void assertThatStockAddsUp(UUID product) {
		Map<String, Object> sums = this.jdbc.sql("""
				SELECT s.on_hand, s.reserved, s.sold, s.initial
				    + coalesce((SELECT sum(delta) FROM stock_adjustment a WHERE a.product_id = s.product_id), 0) AS got,
				    coalesce((SELECT sum(l.quantity) FROM reservation_line l JOIN reservation r USING (order_id)
				        WHERE l.product_id = s.product_id AND r.status = 'RESERVED'), 0) AS held,
				    coalesce((SELECT sum(l.quantity) FROM reservation_line l JOIN reservation r USING (order_id)
				        WHERE l.product_id = s.product_id AND r.status = 'SOLD'), 0) AS bought
				FROM stock s WHERE s.product_id = ?
				""").param(product).query().singleRow();
		long onHand = number(sums, "on_hand");
		assertThat(number(sums, "got")).isEqualTo(onHand + number(sums, "sold"));
		assertThat(number(sums, "held")).isEqualTo(number(sums, "reserved")).isLessThanOrEqualTo(onHand);
		assertThat(number(sums, "bought")).isEqualTo(number(sums, "sold"));
	}

	private static long number(Map<String, Object> row, String column) {
		return ((Number) row.get(column)).longValue();
	}

	private long replied(List<UUID> orders) {
		return orders.stream().filter((buyer) -> !this.messages.received(StockEvent.class, buyer).isEmpty()).count();
	}

	private ConfigurableApplicationContext secondInstance() {
		List<String> arguments = new ArrayList<>();
		for (String name : List.of("POSTGRES_ADDRESS", "POSTGRES_PASSWORD", "KAFKA_BOOTSTRAP_SERVERS", "REDIS_ADDRESS",
				"JWKS_URI")) {
			arguments.add("--" + name + "=" + this.environment.getRequiredProperty(name));
		}
		Collections.addAll(arguments, "--server.port=0", "--management.server.port=0", "--spring.grpc.server.port=0",
				"--spring.profiles.active=demo");
		return new SpringApplicationBuilder(ProductServiceApplication.class).run(arguments.toArray(String[]::new));
	}

	private void handle(Message... batch) {
		this.transaction.executeWithoutResult(
				(status) -> this.stock.handle(Stream.of(batch).map(StockIntegrationTests::change).toList()));
	}

	private static StockChange change(Message message) {
		return (message instanceof StockCommand command) ? StockChange.fromCommand(received(command))
				: StockChange.fromConfirmation(received((OrderConfirmed) message));
	}

	private static <M extends Message> Received<M> received(M message) {
		return new Received<>(UUID.randomUUID(), message, new MessageContext("test", null), Instant.now());
	}

	private void reserve(UUID orderId, OrderLine... lines) {
		this.messages.send(new ReserveStock(orderId, List.of(lines)));
	}

	private StockRejected rejection(OrderLine... lines) {
		return rejection(this.order, lines);
	}

	private StockRejected rejection(UUID orderId, OrderLine... lines) {
		reserve(orderId, lines);
		return this.messages.await(StockRejected.class, orderId);
	}

	private String availability(UUID id) {
		return this.api.get("/api/v1/products/" + id).expect(200).json().path("availability").asString();
	}

	private String status(UUID orderId) {
		return this.jdbc.sql("SELECT status FROM reservation WHERE order_id = ?")
			.param(orderId)
			.query(String.class)
			.single();
	}

	private static OrderConfirmed confirmed(UUID orderId) {
		return new OrderConfirmed(orderId, UUID.randomUUID(), 2, Instant.now(), PRICE);
	}

	private static OrderLine line(UUID product, int quantity) {
		return new OrderLine(product, quantity, PRICE);
	}

	private static List<List<Integer>> permutations(List<Integer> items) {
		if (items.isEmpty()) {
			return List.of(List.of());
		}
		return items.stream().flatMap((first) -> {
			List<Integer> others = items.stream().filter((item) -> !item.equals(first)).toList();
			return permutations(others).stream().map((rest) -> Stream.concat(Stream.of(first), rest.stream()).toList());
		}).toList();
	}

}
