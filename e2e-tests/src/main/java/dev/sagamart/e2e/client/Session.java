package dev.sagamart.e2e.client;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls of one user: raw calls, and typed calls of the contract. A typed call throws
 * {@link IllegalStateException} unless it succeeds; reading calls are retried (see
 * {@link Api#withRetries}).
 */
public final class Session {

	private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

	private final Api api;

	private final String token;

	Session(Api api, String token) {
		this.api = api;
		this.token = token;
	}

	/** The access token, empty without a log-in. */
	public String token() {
		return this.token;
	}

	public Reply get(String path) {
		return send("GET", path, null, Map.of());
	}

	/** Sends a GET with retries and expects 200. */
	public Reply read(String path) {
		return Api.withRetries(() -> get(path)).expect(200);
	}

	/** All items of a list; each page is read when it is needed. */
	public <T> Stream<T> all(String path, Class<T> type) {
		return Stream
			.iterate(Optional.of(read(path)), Optional::isPresent,
					(page) -> page.map((list) -> list.json().path("nextPageToken").asString(""))
						.filter((token) -> !token.isEmpty())
						.map((token) -> read(path + "&pageToken=" + token)))
			.flatMap((page) -> page.orElseThrow().items(type).stream());
	}

	public Reply post(String path, @Nullable Object body) {
		return send("POST", path, body, Map.of());
	}

	/** Posts a form, as the payment provider's API expects. */
	public Reply postForm(String path, String form) {
		return this.api.send(authorised(path).setHeader("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(form))
			.build());
	}

	public Reply put(String path, Object body) {
		return send("PUT", path, body, Map.of());
	}

	public Reply delete(String path) {
		return send("DELETE", path, null, Map.of());
	}

	public Reply send(String method, String path, @Nullable Object body, Map<String, String> headers) {
		HttpRequest.Builder request = authorised(path);
		headers.forEach(request::setHeader);
		if (body != null) {
			request.setHeader("Content-Type", "application/json")
				.method(method, HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
		}
		else {
			request.method(method, HttpRequest.BodyPublishers.noBody());
		}
		return this.api.send(request.build());
	}

	public UUID userId() {
		return UUID.fromString(read("/api/v1/users/me").json().path("id").asString());
	}

	public List<Product> products(String query) {
		return read("/api/v1/products" + query).items(Product.class);
	}

	public Product product(UUID id) {
		return read("/api/v1/products/" + id).as(Product.class);
	}

	/** Creates a product with a unique name. */
	public Product createProduct(Money price, int initialStock) {
		String sku = "E2E-" + UUID.randomUUID().toString().substring(0, 13).toUpperCase(Locale.ROOT);
		return createProduct(sku, "Thing " + sku, "toys", price, initialStock);
	}

	public Product createProduct(String sku, String name, String category, Money price, int initialStock) {
		Map<String, Object> product = Map.of("sku", sku, "name", name, "description", "Only for tests.", "category",
				category, "price", price, "initialStock", initialStock);
		return Api.withRetries(() -> post("/api/v1/products", product)).expect(201).as(Product.class);
	}

	public Product changePrice(Product product, Money price) {
		String path = "/api/v1/products/" + product.id();
		String version = read(path).header("ETag");
		return send("PUT", path, Map.of("sku", product.sku(), "name", product.name(), "description",
				product.description(), "category", product.category(), "price", price), Map.of("If-Match", version))
			.expect(200)
			.as(Product.class);
	}

	public void discontinue(Product product) {
		delete("/api/v1/products/" + product.id()).expect(204);
	}

	public Product restore(Product product) {
		return post("/api/v1/products/" + product.id() + "/restoration", null).expect(200).as(Product.class);
	}

	public Stock stock(Product product) {
		return read("/api/v1/products/" + product.id() + "/stock").as(Stock.class);
	}

	public void adjustStock(UUID productId, int delta) {
		post("/api/v1/products/" + productId + "/stock-adjustments", Map.of("delta", delta, "reason", "a test"))
			.expect(201);
	}

	/**
	 * Places an order. Retries use the same idempotency key.
	 */
	public Order place(OrderRequest request) {
		String key = UUID.randomUUID().toString();
		return Api.withRetries(() -> tryToPlace(request, key)).expect(201).as(Order.class);
	}

	public Reply tryToPlace(OrderRequest request, String idempotencyKey) {
		return send("POST", "/api/v1/orders", request, Map.of("Idempotency-Key", idempotencyKey));
	}

	public Order order(UUID id) {
		return read("/api/v1/orders/" + id).as(Order.class);
	}

	public Order await(Order order, String status) {
		return await(order.id(), Set.of(status), DEFAULT_TIMEOUT);
	}

	public Order awaitSettled(Order order) {
		return await(order.id(), Order.SETTLED, DEFAULT_TIMEOUT);
	}

	/**
	 * Waits until an order has one of the statuses or has failed otherwise, so that the
	 * caller's assertion fails at once and shows the order.
	 */
	public Order await(UUID id, Set<String> states, Duration timeout) {
		return Awaitility.await("order " + id + " to be " + states)
			.atMost(timeout)
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(40))
			.until(() -> order(id), (order) -> states.contains(order.status())
					|| (order.isSettled() && !order.status().equals("CONFIRMED") && !order.status().equals("SHIPPED")));
	}

	public Reply cancel(Order order) {
		return post("/api/v1/orders/" + order.id() + "/cancellation", null);
	}

	public Reply ship(Order order) {
		return post("/api/v1/orders/" + order.id() + "/shipment", null);
	}

	public Reply deliver(Order order) {
		return post("/api/v1/orders/" + order.id() + "/delivery", null);
	}

	public List<TimelineEntry> timeline(Order order) {
		return read("/api/v1/orders/" + order.id() + "/timeline").items(TimelineEntry.class);
	}

	/**
	 * Reads an order's event stream until it ends or {@code last} matches an event.
	 * @param lastEventId the id of the last event that was read, or null to read from the
	 * beginning
	 */
	public List<ServerEvent> events(UUID orderId, @Nullable String lastEventId, Predicate<ServerEvent> last) {
		HttpRequest.Builder request = authorised("/api/v1/orders/" + orderId + "/events").setHeader("Accept",
				"text/event-stream");
		if (lastEventId != null) {
			request.setHeader("Last-Event-ID", lastEventId);
		}
		HttpResponse<Stream<String>> response = this.api.open(request.GET().build());
		try (Stream<String> lines = response.body()) {
			if (response.statusCode() != 200) {
				new Reply("GET events of " + orderId, response.statusCode(), response.headers(),
						String.join("\n", lines.toList()))
					.expect(200);
			}
			return read(lines, last);
		}
	}

	/** The payment of an order, or an empty list. */
	public List<Payment> payments(UUID orderId) {
		return read("/api/v1/payments?orderId=" + orderId).items(Payment.class);
	}

	public Reply refund(Payment payment, Money amount, String idempotencyKey) {
		return send("POST", "/api/v1/payments/" + payment.id() + "/refunds",
				Map.of("amount", amount, "reason", "requested_by_customer"), Map.of("Idempotency-Key", idempotencyKey));
	}

	public JsonNode reconciliation() {
		return read("/api/v1/payments/reconciliation").json();
	}

	private HttpRequest.Builder authorised(String path) {
		HttpRequest.Builder request = this.api.request(path);
		if (!this.token.isEmpty()) {
			request.setHeader("Authorization", "Bearer " + this.token);
		}
		return request;
	}

	private static List<ServerEvent> read(Stream<String> lines, Predicate<ServerEvent> last) {
		List<ServerEvent> events = new ArrayList<>();
		Map<String, String> fields = new HashMap<>();
		for (String line : (Iterable<String>) lines::iterator) {
			if (!line.isEmpty()) {
				String name = StringUtils.substringBefore(line, ":");
				fields.merge(name, StringUtils.substringAfter(line, ":").strip(),
						(before, value) -> name.equals("data") ? before + value : value);
			}
			else if (fields.containsKey("data")) {
				ServerEvent event = new ServerEvent(fields.getOrDefault("id", ""),
						fields.getOrDefault("event", "message"), JsonMapper.shared().readTree(fields.get("data")));
				events.add(event);
				if (last.test(event)) {
					return events;
				}
				fields.keySet().retainAll(Set.of("id"));
			}
		}
		return events;
	}

}
