package dev.sagamart.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stripe's HTTP API over the {@link Books}. */
final class StripeApi implements HttpHandler {

	private static final Pattern ORDER_QUERY = Pattern.compile("metadata\\['(\\w+)'\\]\\s*:\\s*['\"]([^'\"]*)['\"]");

	private static final int MAX_BODY = 64 * 1024;

	private final Books books;

	private final Faults faults;

	StripeApi(Books books, Faults faults) {
		this.books = books;
		this.faults = faults;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String path = exchange.getRequestURI().getPath();
			if (path.startsWith("/v1/")) {
				provider(exchange, path);
			}
			else if (path.equals("/health")) {
				send(exchange, 200, "{\"status\":\"UP\"}");
			}
			else if (path.equals("/simulator/faults") && exchange.getRequestMethod().equals("POST")) {
				switchFaults(form(exchange));
				send(exchange, 200, "{}");
			}
			else {
				send(exchange, Reply.of(unknownUrl(exchange)));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void provider(HttpExchange exchange, String path) throws IOException, InterruptedException {
		if (this.faults.isDown()) {
			return;
		}
		pause(this.faults.delay());
		if (!authenticated(exchange)) {
			send(exchange, Reply.of(Refusal.invalid(401, null, null, "You did not provide an API key.")));
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
		switch (exchange.getRequestMethod()) {
			case "POST" -> post(exchange, path, form);
			case "GET" -> send(exchange, get(exchange, path, Form.parse(exchange.getRequestURI().getRawQuery())));
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
					this.books.delivered(key);
				}
				send(exchange, reply);
			}
			case NEVER -> {
				// Closing the exchange without headers closes the connection.
			}
		}
	}

	private Reply get(HttpExchange exchange, String path, Form query) {
		return switch (path) {
			case "/v1/payment_intents" -> list(path, this.books.intents(), (intent) -> true, this::numberOfIntent,
					Intent::created, Intent::json, query);
			case "/v1/payment_intents/search" -> search(path, query);
			case "/v1/charges" -> {
				String intentId = query.get("payment_intent");
				yield list(path, this.books.intents(),
						(intent) -> intent.hasCharge() && (intentId == null || intentId.equals(intent.id())),
						(id) -> numberOfIntent(id.replaceFirst("^ch_", "pi_")), Intent::created, Intent::chargeJson,
						query);
			}
			case "/v1/refunds" -> {
				String intentId = query.get("payment_intent");
				yield list(path, this.books.refunds(),
						(refund) -> intentId == null || intentId.equals(refund.intentId()), this::numberOfRefund,
						Refund::created, Refund::json, query);
			}
			default -> one(exchange, path);
		};
	}

	private Reply one(HttpExchange exchange, String path) {
		String id = path.substring(path.lastIndexOf('/') + 1);
		if (path.equals("/v1/payment_intents/" + id)) {
			Intent intent = this.books.find(id);
			return (intent != null) ? ok(intent.json()) : Reply.of(Refusal.notFound("payment_intent", "intent", id));
		}
		if (path.equals("/v1/refunds/" + id)) {
			Refund refund = this.books.findRefund(id);
			return (refund != null) ? ok(refund.json()) : Reply.of(Refusal.notFound("refund", "id", id));
		}
		return Reply.of(unknownUrl(exchange));
	}

	/** A page of a list, newest first as Stripe has it. */
	private static <T> Reply list(String path, List<T> oldestFirst, Predicate<T> wanted, ToIntFunction<String> number,
			Function<T, Long> created, Function<T, String> json, Form query) {
		int limit;
		long from;
		long before;
		try {
			limit = Math.clamp(Long.parseLong(orElse(query.get("limit"), "10")), 1, 100);
			from = Long.parseLong(orElse(query.get("created[gte]"), "0"));
			before = Long.parseLong(orElse(query.get("created[lt]"), Long.toString(Long.MAX_VALUE)));
		}
		catch (NumberFormatException ex) {
			return Reply.of(Refusal.invalid(400, "parameter_invalid_integer", null, "Invalid integer"));
		}
		int end = oldestFirst.size();
		String after = query.get("starting_after");
		if (after != null) {
			end = number.applyAsInt(after);
			if (end < 0) {
				return Reply.of(Refusal.notFound("object", "starting_after", after));
			}
		}
		List<T> found = oldestFirst.subList(0, end)
			.reversed()
			.stream()
			.filter(wanted)
			.filter((element) -> created.apply(element) >= from && created.apply(element) < before)
			.limit(limit + 1L)
			.toList();
		return ok(new Json().put("object", "list")
			.put("url", path)
			.put("has_more", found.size() > limit)
			.raw("data", found.stream().limit(limit).map(json).collect(Collectors.joining(",", "[", "]")))
			.toString());
	}

	private int numberOfIntent(String id) {
		Intent intent = this.books.find(id);
		return (intent != null) ? intent.number() : -1;
	}

	private int numberOfRefund(String id) {
		Refund refund = this.books.findRefund(id);
		return (refund != null) ? refund.number() : -1;
	}

	private Reply search(String path, Form query) {
		Matcher matcher = ORDER_QUERY.matcher(orElse(query.get("query"), ""));
		if (!matcher.matches()) {
			return Reply.of(Refusal.invalid(400, null, "query", "Only metadata['name']:'value' can be searched for."));
		}
		String found = this.books.intents()
			.reversed()
			.stream()
			.filter((intent) -> matcher.group(2).equals(intent.metadata().get(matcher.group(1))))
			.limit(100)
			.map(Intent::json)
			.collect(Collectors.joining(",", "[", "]"));
		return ok(new Json().put("object", "search_result")
			.put("url", path)
			.put("has_more", false)
			.raw("data", found)
			.toString());
	}

	private void switchFaults(Form form) {
		String down = form.get("down");
		if (down != null) {
			this.faults.down(Boolean.parseBoolean(down));
		}
		String delay = form.get("delay_ms");
		if (delay != null) {
			this.faults.delay(Duration.ofMillis(Long.parseLong(delay)));
		}
	}

	private static boolean authenticated(HttpExchange exchange) {
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		return authorization != null && (authorization.startsWith("Bearer ") || authorization.startsWith("Basic "))
				&& authorization.length() > 7;
	}

	private static Form form(HttpExchange exchange) throws IOException {
		byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
		return Form.parse(new String(body, StandardCharsets.UTF_8));
	}

	private static Refusal unknownUrl(HttpExchange exchange) {
		return Refusal.invalid(404, null, null, "Unrecognized request URL (" + exchange.getRequestMethod() + ": "
				+ exchange.getRequestURI().getPath() + ").");
	}

	private static Reply ok(String json) {
		return new Reply(200, json, false, Reply.Delivery.AT_ONCE);
	}

	private static String orElse(@Nullable String value, String otherwise) {
		return (value != null) ? value : otherwise;
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
