package dev.sagamart.orders;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.ProductEvent;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockEvent;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestTokens;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole service on real servers; the other services are played by the test, which
 * hears every command and answers as it likes.
 */
@PlatformTest(properties = { "sagamart.saga.sweep-interval=100ms", "sagamart.streams.heartbeat=200ms",
		"sagamart.streams.maximum=5", "sagamart.streams.maximum-per-user=3", "sagamart.saga.compensate=2m",
		"spring.grpc.client.channels.catalogue.default-deadline=5s", "sagamart.erasure.sweep-interval=PT0.2S",
		"sagamart.erasure.again=100ms", "ORDER_SERVICE_MASTER_KEY=dGVzdHMgb25seSwgMzIgYnl0ZXMsIG5vdCBhIHNlY3I=" })
abstract class OrderServiceTest {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@Autowired
	RestTestClient client;

	@Autowired
	TestTokens tokens;

	@Autowired
	KafkaMessages kafka;

	@Autowired
	JdbcClient jdbc;

	@Autowired
	CircuitBreakerRegistry breakers;

	final UUID buyer = UUID.randomUUID();

	@DynamicPropertySource
	static void catalogue(DynamicPropertyRegistry registry) {
		registry.add("PRODUCT_GRPC_ADDRESS", FakeCatalogue.INSTANCE::address);
	}

	@BeforeEach
	void closeBreakers() {
		this.breakers.getAllCircuitBreakers().forEach((breaker) -> breaker.reset());
	}

	/** An answer of the API. */
	record Answer(int status, HttpHeaders headers, @Nullable JsonNode json) {

		Answer expect(int expected) {
			assertThat(this.status).as("%s", this.json).isEqualTo(expected);
			return this;
		}

		Answer expect(int expected, String code) {
			expect(expected);
			assertThat(text("code")).isEqualTo(code);
			return this;
		}

		JsonNode at(String path) {
			assertThat(this.json).isNotNull();
			return this.json.at("/" + path.replace('.', '/'));
		}

		String text(String path) {
			return at(path).asString();
		}

	}

	// The API

	String buyerToken() {
		return this.tokens.customer(this.buyer);
	}

	String adminToken() {
		return this.tokens.admin(UUID.randomUUID());
	}

	Answer get(String uri) {
		return call(HttpMethod.GET, uri, buyerToken(), null, Map.of());
	}

	Answer post(String uri) {
		return call(HttpMethod.POST, uri, buyerToken(), null, Map.of());
	}

	Answer postAsAdmin(String uri) {
		return call(HttpMethod.POST, uri, adminToken(), null, Map.of());
	}

	Answer getAsAdmin(String uri) {
		return call(HttpMethod.GET, uri, adminToken(), null, Map.of());
	}

	Answer call(HttpMethod method, String uri, @Nullable String token, @Nullable Object body,
			Map<String, String> headers) {
		RestTestClient.RequestBodySpec request = this.client.method(method).uri(uri).headers((all) -> {
			if (token != null) {
				all.setBearerAuth(token);
			}
			headers.forEach(all::set);
		});
		if (body != null) {
			request.contentType(MediaType.APPLICATION_JSON)
				.body((body instanceof String text) ? text : JSON.writeValueAsString(body));
		}
		EntityExchangeResult<byte[]> result = request.exchange().expectBody().returnResult();
		byte[] content = result.getResponseBody();
		return new Answer(result.getStatus().value(), result.getResponseHeaders(),
				(content != null && content.length > 0) ? JSON.readTree(content) : null);
	}

	Answer place(Object body) {
		return place(body, UUID.randomUUID().toString());
	}

	Answer place(Object body, String key) {
		return call(HttpMethod.POST, "/api/v1/orders", buyerToken(), body, Map.of("Idempotency-Key", key));
	}

	static Map<String, Object> orderOf(List<?> items) {
		return orderOf(items, "10115", "pm_card_visa");
	}

	static Map<String, Object> orderOf(List<?> items, String postalCode, String paymentMethod) {
		return Map.of("items", items, "shippingAddress", address(postalCode), "paymentMethod", paymentMethod);
	}

	static Map<String, Object> address(String postalCode) {
		return Map.of("recipient", "Ada Lovelace", "line1", "Invalidenstraße 1", "city", "Berlin", "postalCode",
				postalCode, "country", "DE");
	}

	static Map<String, Object> item(UUID productId, int quantity) {
		return Map.of("productId", productId, "quantity", quantity);
	}

	/** A product that this service has heard of. */
	UUID product(String name, long amount, String currency) {
		UUID id = UUID.randomUUID();
		this.kafka.send(new ProductEvent.ProductChanged(id, "SKU-" + id, name, new Money(amount, currency), 1));
		awaitListed(id, 1);
		return id;
	}

	void awaitListed(UUID productId, long version) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.jdbc.sql("SELECT version FROM price_list WHERE product_id = ?")
				.param(productId)
				.query(Long.class)
				.optional()
				.equals(Optional.of(version)));
	}

	// The other services

	/** An accepted order of 2 × 19.99 EUR. */
	UUID placed() {
		return placed("10115");
	}

	UUID placed(String postalCode) {
		UUID product = product("A book", 1999, "EUR");
		Answer answer = place(orderOf(List.of(item(product, 2)), postalCode, "pm_card_visa")).expect(201);
		UUID order = UUID.fromString(answer.text("id"));
		this.kafka.await(StockCommand.ReserveStock.class, order);
		return order;
	}

	UUID reserved(UUID order) {
		this.kafka.send(new StockEvent.StockReserved(order));
		this.kafka.await(PaymentCommand.AuthorisePayment.class, order);
		return order;
	}

	UUID authorised(UUID order) {
		this.kafka.send(new PaymentEvent.PaymentAuthorised(order, payment(order), new Money(3998, "EUR")));
		this.kafka.await(PaymentCommand.CapturePayment.class, order);
		return order;
	}

	UUID captured(UUID order) {
		this.kafka.send(capture(order));
		awaitStatus(order, "CONFIRMED");
		return order;
	}

	/** A confirmed order. */
	UUID confirmed() {
		return captured(authorised(reserved(placed())));
	}

	PaymentEvent.PaymentCaptured capture(UUID order) {
		return new PaymentEvent.PaymentCaptured(order, payment(order), new Money(3998, "EUR"));
	}

	UUID payment(UUID order) {
		return UUID.nameUUIDFromBytes(order.toString().getBytes());
	}

	void voided(UUID order) {
		this.kafka.await(PaymentCommand.VoidPayment.class, order);
		this.kafka.send(new PaymentEvent.PaymentVoided(order, payment(order)));
	}

	void released(UUID order) {
		this.kafka.await(StockCommand.ReleaseStock.class, order);
		this.kafka.send(new StockEvent.StockReleased(order));
	}

	void refunded(UUID order) {
		this.kafka.await(PaymentCommand.RefundPayment.class, order);
		this.kafka
			.send(new PaymentEvent.PaymentRefunded(order, payment(order), new Money(3998, "EUR"), Money.zero("EUR")));
	}

	void returned(UUID order) {
		this.kafka.await(StockCommand.ReturnStock.class, order);
		this.kafka.send(new StockEvent.StockReturned(order));
	}

	/** Waits until everything that was sent before about the order has been handled. */
	void awaitHandled(UUID order, Message last) {
		UUID eventId = this.kafka.send(last);
		Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.jdbc.sql("SELECT count(*) FROM inbox WHERE event_id = ?")
				.param(eventId)
				.query(Integer.class)
				.single() == 1);
	}

	/** Lets the deadline of an order pass now. */
	void letDeadlinePass(UUID order) {
		this.jdbc.sql("UPDATE orders SET deadline = clock_timestamp() WHERE id = ? AND deadline IS NOT NULL")
			.param(order)
			.update();
	}

	Answer awaitStatus(UUID order, String status) {
		return Awaitility.await(order + " is " + status)
			.pollInterval(Duration.ofMillis(30))
			.until(() -> get("/api/v1/orders/" + order), (answer) -> answer.text("status").equals(status));
	}

	void awaitRejected(UUID order, FailureCode code) {
		assertThat(awaitStatus(order, "REJECTED").text("failure.code")).isEqualTo(code.name());
	}

	void awaitState(UUID order, String state) {
		Awaitility.await(order + " is in " + state)
			.pollInterval(Duration.ofMillis(20))
			.until(() -> state(order), state::equals);
	}

	String state(UUID order) {
		return this.jdbc.sql("SELECT state FROM orders WHERE id = ?").param(order).query(String.class).single();
	}

	String shipment(UUID order) {
		return this.jdbc.sql("SELECT state FROM shipment WHERE order_id = ?").param(order).query(String.class).single();
	}

	/** The types of an order's journal, after checking that it has no gap. */
	List<String> timeline(UUID order) {
		List<JsonNode> items = get("/api/v1/orders/" + order + "/timeline").expect(200)
			.at("items")
			.valueStream()
			.toList();
		for (int i = 0; i < items.size(); i++) {
			assertThat(items.get(i).get("sequence").asInt()).isEqualTo(i + 1);
		}
		return items.stream().map((item) -> item.get("type").asString()).toList();
	}

}
