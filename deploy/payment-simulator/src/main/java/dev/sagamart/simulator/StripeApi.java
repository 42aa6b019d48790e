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

/** Stripe's HTTP API on top of the {@link Books}. */
final class StripeApi implements HttpHandler {

	private static final String INTENT = "/v1/payment_intents/";

	private static final int MAX_BODY = 64 * 1024;

	private final Books books;

	private final Queries queries;

	private final Faults faults;

	private final Settings settings;

	private final boolean loopbackOnly;

	/**
	 * Creates the API.
	 * @param loopbackOnly whether it listens on a loopback address
	 */
	StripeApi(Books books, Faults faults, Settings settings, boolean loopbackOnly) {
		this.books = books;
		this.queries = new Queries(books);
		this.faults = faults;
		this.settings = settings;
		this.loopbackOnly = loopbackOnly;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String path = exchange.getRequestURI().getPath();
			if (isSentByWebPage(exchange)) {
				send(exchange, Reply
					.of(Refusal.invalid(403, null, null, "Web pages must not send requests to the simulator.")));
			}
			else if (path.startsWith("/v1/")) {
				handleStripeCall(exchange, path);
			}
			else if (path.equals("/health")) {
				send(exchange, 200, "{\"status\":\"UP\"}");
			}
			else if (path.equals("/simulator/faults") && exchange.getRequestMethod().equals("POST")) {
				if (maySwitchFaults(exchange)) {
					switchFaults(form(exchange));
					send(exchange, 200, "{}");
				}
				else {
					send(exchange,
							Reply.of(Refusal.invalid(403, null, null, "The token for faults is missing or wrong.")));
				}
			}
			else {
				send(exchange, Reply.of(unknownUrl(exchange)));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// For instance, the disk is full. Closing the exchange closes the connection,
			// so the caller does not know whether the call was executed.
			System.err.println("A call failed without a reply: " + ex + ", caused by " + ex.getCause());
		}
	}

	private void handleStripeCall(HttpExchange exchange, String path) throws IOException, InterruptedException {
		if (this.faults.isDown()) {
			return;
		}
		pause(this.faults.delay());
		Refusal refusal = authenticate(exchange);
		if (refusal != null) {
			send(exchange, Reply.of(refusal));
			return;
		}
		Form form;
		try {
			form = form(exchange);
		}
		catch (IllegalArgumentException ex) {
			send(exchange, Reply.of(Refusal.invalid(400, null, null, "Invalid request body.")));
			return;
		}
		String intent = path.startsWith(INTENT) ? path.substring(INTENT.length()).replaceFirst("/.*", "")
				: form.get("payment_intent");
		if (this.faults.isOtherAccount() && intent != null) {
			send(exchange, Reply.of(Refusal.notFound("payment_intent", "intent", intent)));
			return;
		}
		switch (exchange.getRequestMethod()) {
			case "POST" -> post(exchange, path, form);
			case "GET" -> {
				Reply reply = this.queries.get(path, Form.parse(exchange.getRequestURI().getRawQuery()));
				send(exchange, (reply != null) ? reply : Reply.of(unknownUrl(exchange)));
			}
			default -> send(exchange, Reply.of(unknownUrl(exchange)));
		}
	}

	private void post(HttpExchange exchange, String path, Form form) throws IOException, InterruptedException {
		String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
		if (key != null && key.length() > 255) {
			send(exchange, Reply.of(Refusal.invalid(400, null, null, "Idempotency keys have at most 255 characters.")));
			return;
		}
		Reply reply = this.books.post(path, form, key);
		switch (reply.delivery()) {
			case AT_ONCE -> send(exchange, reply);
			case LATE -> {
				try {
					this.faults.awaitSlowAnswer();
				}
				finally {
					this.books.lateReplySent(key);
				}
				send(exchange, reply);
			}
			case NEVER -> {
				// Closing the exchange without headers closes the connection.
			}
		}
	}

	private void switchFaults(Form form) throws InterruptedException {
		String down = form.get("down");
		if (down != null) {
			this.faults.down(Boolean.parseBoolean(down));
		}
		String delay = form.get("delay_ms");
		if (delay != null) {
			this.faults.delay(Duration.ofMillis(Long.parseLong(delay)));
		}
		String keyRevoked = form.get("key_revoked");
		if (keyRevoked != null) {
			this.faults.keyRevoked(Boolean.parseBoolean(keyRevoked));
		}
		String otherAccount = form.get("other_account");
		if (otherAccount != null) {
			this.faults.otherAccount(Boolean.parseBoolean(otherAccount));
		}
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
		return (token == null) ? this.loopbackOnly
				: authorization != null && MessageDigest.isEqual(("Bearer " + token).getBytes(StandardCharsets.UTF_8),
						authorization.getBytes(StandardCharsets.UTF_8));
	}

	/** Returns why the caller is refused, or {@code null} if it is accepted. */
	private @Nullable Refusal authenticate(HttpExchange exchange) {
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		String key = null;
		if (authorization != null && authorization.startsWith("Bearer ")) {
			key = authorization.substring(7);
		}
		else if (authorization != null && authorization.startsWith("Basic ")) {
			key = userOf(authorization.substring(6));
		}
		if (key == null) {
			return Refusal.invalid(401, null, null, "You did not provide an API key.");
		}
		if (this.faults.isKeyRevoked()) {
			return Refusal.invalid(401, "api_key_expired", null, "Expired API Key provided: " + masked(key));
		}
		String required = this.settings.apiKey();
		return (required == null || required.equals(key)) ? null
				: Refusal.invalid(401, null, null, "Invalid API Key provided: " + masked(key));
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

	private static Refusal unknownUrl(HttpExchange exchange) {
		return Refusal.invalid(404, null, null, "Unrecognized request URL (" + exchange.getRequestMethod() + ": "
				+ exchange.getRequestURI().getPath() + ").");
	}

	private static void pause(Duration duration) throws InterruptedException {
		if (duration.isPositive()) {
			Thread.sleep(duration);
		}
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
		send(exchange, reply.status(), reply.json());
	}

	private static void send(HttpExchange exchange, int status, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
	}

}
