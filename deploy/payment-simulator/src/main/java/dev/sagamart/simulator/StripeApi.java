package dev.sagamart.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Stripe's HTTP API on top of the {@link Books}. */
record StripeApi(Books books, Queries queries, Faults faults, Settings settings) implements HttpHandler {

	private static final String INTENT = "/v1/payment_intents/";

	private static final int MAX_BODY = 64 * 1024;

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			Reply reply = reply(exchange);
			// Without a reply, closing the exchange closes the connection.
			if (reply.delivery() != Reply.Delivery.NEVER) {
				send(exchange, reply);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// For instance, the disk is full. The caller gets no reply, so it does not
			// know whether the call was executed.
			System.err.println("A call failed without a reply: " + ex + ", caused by " + ex.getCause());
		}
	}

	private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
		String path = exchange.getRequestURI().getPath();
		try {
			if (isSentByWebPage(exchange)) {
				throw Refusal.invalid(403, null, null, "Web pages must not send requests to the simulator.");
			}
			if (path.startsWith("/v1/")) {
				return replyAsStripe(exchange, path);
			}
			if (path.equals("/health")) {
				return Reply.ok(JsonNodeFactory.instance.objectNode().put("status", "UP"));
			}
			if (path.equals("/simulator/faults") && exchange.getRequestMethod().equals("POST")) {
				switchFaults(exchange);
				return Reply.ok(JsonNodeFactory.instance.objectNode());
			}
			throw Refusal.unknownUrl(exchange.getRequestMethod(), path);
		}
		catch (Refusal ex) {
			return ex.reply();
		}
	}

	private Reply replyAsStripe(HttpExchange exchange, String path) throws IOException, InterruptedException {
		if (this.faults.isDown()) {
			return Reply.NONE;
		}
		if (this.faults.delay().isPositive()) {
			Thread.sleep(this.faults.delay());
		}
		authenticate(exchange);
		Form form = form(exchange);
		String intent = path.startsWith(INTENT) ? path.substring(INTENT.length()).replaceFirst("/.*", "")
				: form.get("payment_intent");
		if (this.faults.isOtherAccount() && intent != null) {
			throw Refusal.notFound("payment_intent", "intent", intent);
		}
		return switch (exchange.getRequestMethod()) {
			case "POST" -> post(exchange, path, form);
			case "GET" -> this.queries.get(path, Form.parse(exchange.getRequestURI().getRawQuery()));
			default -> throw Refusal.unknownUrl(exchange.getRequestMethod(), path);
		};
	}

	private Reply post(HttpExchange exchange, String path, Form form) throws InterruptedException {
		String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
		if (key != null && key.length() > 255) {
			throw Refusal.invalid(400, null, null, "Idempotency keys have at most 255 characters.");
		}
		Reply reply = this.books.post(path, form, key);
		if (reply.delivery() == Reply.Delivery.LATE) {
			try {
				this.faults.awaitSlowAnswer();
			}
			finally {
				this.books.lateReplySent(key);
			}
		}
		return reply;
	}

	private void switchFaults(HttpExchange exchange) throws IOException, InterruptedException {
		if (!maySwitchFaults(exchange)) {
			throw Refusal.invalid(403, null, null, "The token for faults is missing or wrong.");
		}
		Form form = form(exchange);
		this.faults.delay(Duration.ofMillis(form.number("delay_ms", this.faults.delay().toMillis())));
		form.find("down").map(Boolean::valueOf).ifPresent(this.faults::down);
		form.find("key_revoked").map(Boolean::valueOf).ifPresent(this.faults::keyRevoked);
		form.find("other_account").map(Boolean::valueOf).ifPresent(this.faults::otherAccount);
		if ("true".equals(form.get("forget_books"))) {
			this.books.deleteEverything();
		}
	}

	/**
	 * Browsers send forms of any web page to any address, with these headers. No web page
	 * may use the simulator.
	 */
	private static boolean isSentByWebPage(HttpExchange exchange) {
		String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
		return exchange.getRequestHeaders().containsKey("Origin") || (site != null && !site.equals("none"));
	}

	private boolean maySwitchFaults(HttpExchange exchange) {
		String token = this.settings.faultsToken();
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		if (token == null) {
			return exchange.getHttpContext().getServer().getAddress().getAddress().isLoopbackAddress();
		}
		return authorization != null && MessageDigest.isEqual(("Bearer " + token).getBytes(StandardCharsets.UTF_8),
				authorization.getBytes(StandardCharsets.UTF_8));
	}

	private void authenticate(HttpExchange exchange) {
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		String key = null;
		if (authorization != null && authorization.startsWith("Bearer ")) {
			key = authorization.substring(7);
		}
		else if (authorization != null && authorization.startsWith("Basic ")) {
			key = userOf(authorization.substring(6));
		}
		if (key == null) {
			throw Refusal.invalid(401, null, null, "You did not provide an API key.");
		}
		if (this.faults.isKeyRevoked()) {
			throw Refusal.invalid(401, "api_key_expired", null, "Expired API Key provided: " + masked(key));
		}
		String required = this.settings.apiKey();
		if (required != null && !required.equals(key)) {
			throw Refusal.invalid(401, null, null, "Invalid API Key provided: " + masked(key));
		}
	}

	private static @Nullable String userOf(String basic) {
		try {
			String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
			return pair.split(":", 2)[0];
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/** Shows enough of a key to recognise it, but not enough to use it. */
	private static String masked(String key) {
		int shown = (key.length() > 16) ? 4 : 0;
		return key.substring(0, shown) + "*".repeat(8) + key.substring(key.length() - shown);
	}

	private static Form form(HttpExchange exchange) throws IOException {
		byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
		return Form.parse(new String(body, StandardCharsets.UTF_8));
	}

	private static void send(HttpExchange exchange, Reply reply) throws IOException {
		if (reply.replayed()) {
			exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
		}
		String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
		if (key != null) {
			exchange.getResponseHeaders().set("Idempotency-Key", key);
		}
		exchange.getResponseHeaders().set("Request-Id", "req_" + UUID.randomUUID());
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		byte[] body = reply.json().toString().getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(reply.status(), body.length);
		exchange.getResponseBody().write(body);
	}

}
