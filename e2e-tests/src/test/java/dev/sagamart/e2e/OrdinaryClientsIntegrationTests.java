package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.ServerEvent;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Tests the harmless requests of proxies, browsers, health checkers and applications, at
 * the gateway and at the services.
 */
@WholePlatform
class OrdinaryClientsIntegrationTests {

	private static final List<String> COMPARED = List.of("Content-Type", "Cache-Control", "ETag", "Location",
			"WWW-Authenticate", "X-Accel-Buffering");

	private static final String OK = "(?s)HTTP/1\\.[01] 200 .*";

	private final RunningPlatform platform;

	private final Session admin;

	private final Session alice;

	OrdinaryClientsIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.admin = platform.admin();
		this.alice = platform.alice();
	}

	@Test
	void answersHeadLikeGet() {
		Order order = confirmed();
		String product = "/api/v1/products/" + order.items().getFirst().productId();
		for (String path : List.of("/.well-known/openid-configuration", "/oauth2/jwks", "/docs", "/docs/",
				"/docs/swagger-ui.css", "/openapi/gateway.json", "/openapi/users.json", "/openapi/products.json",
				"/openapi/orders.json", "/openapi/payments.json", "/api/v1/products?pageSize=2", product,
				product + "/image", product + "/recommendations", product + "/stock", "/api/v1/categories",
				"/api/v1/cart", "/api/v1/users/me", "/api/v1/orders/" + order.id(),
				"/api/v1/orders/" + order.id() + "/timeline", "/api/v1/orders/" + UUID.randomUUID() + "/events",
				"/api/v1/payments?orderId=" + order.id(), "/api/v1/operations/order/dead-letters", "/nothing")) {
			for (Session session : List.of(this.alice, this.platform.api().anonymous())) {
				Reply get = Api.withRetries(() -> session.get(path));
				Reply head = Api.withRetries(() -> session.send("HEAD", path, null, Map.of()));
				assertThat(head.status()).as(path).isEqualTo(get.status());
				assertThat(head.body()).isEmpty();
				assertThat(head.header("Content-Length")).as(path).isIn(get.header("Content-Length"), "");
				COMPARED
					.forEach((name) -> assertThat(head.header(name)).as(path + " " + name).isEqualTo(get.header(name)));
			}
		}
	}

	@Test
	void opensNoStreamForHead() {
		Order order = confirmed();
		String events = "/api/v1/orders/" + order.id() + "/events";
		for (int i = 0; i < 40; i++) {
			Reply head = Api.withRetries(() -> this.alice.send("HEAD", events, null, Map.of()));
			assertThat(head.status()).isEqualTo(200);
			assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
			assertThat(this.alice.read("/api/v1/orders/" + order.id()).status())
				.as("the next request on the connection")
				.isEqualTo(200);
		}
		// A stream that another test left is noticed with its next heartbeat.
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.until(() -> raw(this.platform.managementUrl(Parts.ORDER_SERVICE), "/actuator/prometheus", "")
				.contains("\nsagamart_streams_open{service=\"order-service\"} 0"));
	}

	@Test
	void resumesAStreamAtItsEndAndAnswers204WhenTheOrderIsFinished() {
		Order order = confirmed();
		String last = String.valueOf(this.alice.timeline(order).size());
		Thread.ofVirtual().start(() -> {
			this.admin.ship(order).expect(200);
			this.admin.deliver(order).expect(200);
		});
		List<ServerEvent> rest = this.alice.events(order.id(), last, (event) -> false);
		assertThat(rest).extracting((event) -> event.data().path("state").asString())
			.containsExactly("SHIPPED", "DELIVERED");
		Reply over = this.alice.send("GET", "/api/v1/orders/" + order.id() + "/events", null,
				Map.of("Last-Event-ID", rest.getLast().id()));
		assertThat(over.status()).isEqualTo(204);
		Reply all = this.alice.read("/api/v1/orders/" + order.id() + "/events");
		assertThat(all.header("Cache-Control")).isEqualTo("no-cache");
		assertThat(all.header("X-Accel-Buffering")).isEqualTo("no");
		assertThat(all.header("Pragma") + all.header("Expires")).isEmpty();
	}

	@Test
	void ignoresAnInvalidTokenOnPublicPaths() {
		String product = "/api/v1/products/" + confirmed().items().getFirst().productId();
		Map<String, PartName> open = new LinkedHashMap<>();
		List.of("/api/v1/products", product, product + "/image", product + "/recommendations", "/api/v1/categories")
			.forEach((path) -> open.put(path, Parts.PRODUCT_SERVICE));
		List.of("/oauth2/jwks", "/.well-known/openid-configuration")
			.forEach((path) -> open.put(path, Parts.USER_SERVICE));
		for (String old : List.of("nonsense", this.alice.token() + "x", "a b")) {
			open.forEach((path, part) -> List.of(this.platform.api().gateway(), this.platform.url(part))
				.forEach((server) -> assertThat(raw(server, path, "Authorization: Bearer " + old + "\r\n"))
					.matches(OK)));
			Session stale = this.platform.api().session(old);
			String email = "old-" + UUID.randomUUID() + "@sagamart.example";
			Api.withRetries(() -> stale.post("/api/v1/users",
					Map.of("email", email, "password", "a long password", "name", "Old")))
				.expect(201);
			String refresh = Api
				.withRetries(
						() -> stale.post("/api/v1/sessions", Map.of("email", email, "password", "a long password")))
				.expect(201)
				.json()
				.path("refreshToken")
				.asString();
			Api.withRetries(() -> stale.post("/api/v1/sessions/refresh", Map.of("refreshToken", refresh))).expect(200);
			for (String path : List.of("/api/v1/users/me", "/api/v1/cart", product + "/stock",
					"/api/v1/payments?orderId=" + UUID.randomUUID(), "/api/v1/operations/audit")) {
				assertThat(Api.withRetries(() -> stale.get(path)).expect(401).code()).isEqualTo("INVALID_TOKEN");
			}
		}
	}

	@Test
	void answersHttp10WithoutAHost() {
		for (PartName service : PartName.SERVICES) {
			assertThat(raw(this.platform.managementUrl(service), "/actuator/health/readiness", "")).matches(OK);
			assertThat(raw(this.platform.url(service), "/nothing", "")).matches("(?s)HTTP/1\\.[01] 40[14] .*");
			String document = service.equals(Parts.API_GATEWAY) ? "/openapi/gateway.json" : "/openapi.json";
			assertThat(raw(this.platform.url(service), document, "")).matches(OK);
		}
		assertThat(raw(this.platform.url(Parts.USER_SERVICE), "/.well-known/openid-configuration", ""))
			.contains("\"issuer\":");
		assertThat(raw(this.platform.api().gateway(), "/api/v1/products", "")).matches(OK)
			.doesNotContainIgnoringCase("Transfer-Encoding");
	}

	/** An order that stays CONFIRMED until somebody ships it. */
	private Order confirmed() {
		Order order = this.alice.place(OrderRequest.of(this.admin.createProduct(Money.eur(1999), 5), 1));
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.alice.timeline(order).getLast().type().equals("STOCK_SOLD"));
		return this.alice.order(order.id());
	}

	/** Sends an HTTP/1.0 request without {@code Host} and reads until the end. */
	private static String raw(URI server, String path, String headers) {
		try (Socket socket = new Socket("127.0.0.1", server.getPort())) {
			socket.setSoTimeout(15_000);
			socket.getOutputStream()
				.write(("GET " + path + " HTTP/1.0\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

}
