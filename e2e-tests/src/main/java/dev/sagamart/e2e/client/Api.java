package dev.sagamart.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A client of the platform's gateway. Thread-safe. */
public final class Api implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(60);

	private static final Set<Integer> TRANSIENT_STATUSES = Set.of(429, 503, 504);

	private final URI gateway;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	public Api(URI gateway) {
		this.gateway = gateway;
	}

	/** The accounts of the {@code demo} profile. */
	public enum DemoAccount {

		ALICE, BOB, ADMIN;

		private String userName() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	public URI gateway() {
		return this.gateway;
	}

	public Session anonymous() {
		return new Session(this, "");
	}

	public Session login(DemoAccount account) {
		return login(account.userName() + "@sagamart.example", account.userName() + "-demo-password");
	}

	public Session login(String email, String password) {
		return session(tryToLogin(email, password).expect(201).json().path("accessToken").asString());
	}

	/** Tries to log in, with retries. */
	public Reply tryToLogin(String email, String password) {
		return withRetries(() -> anonymous().post("/api/v1/sessions", Map.of("email", email, "password", password)));
	}

	public Session session(String accessToken) {
		return new Session(this, accessToken);
	}

	/** Registers a new customer and logs in. */
	public Session newCustomer() {
		String email = "buyer-" + UUID.randomUUID() + "@sagamart.example";
		return newCustomer(email, "a-password-of-" + UUID.randomUUID());
	}

	/** Registers a customer, if the account does not exist yet, and logs in. */
	public Session newCustomer(String email, String password) {
		Map<String, String> account = Map.of("email", email, "password", password, "name", "A Buyer");
		Reply reply = withRetries(() -> anonymous().post("/api/v1/users", account));
		// A retry gets 409 if the first attempt succeeded although it was answered with
		// an error.
		if (reply.status() != 409) {
			reply.expect(201);
		}
		return login(email, password);
	}

	@Override
	public void close() {
		this.http.close();
	}

	/**
	 * Repeats a call while it is answered with 429, 503 or 504, or because the first call
	 * with its idempotency key is still running, after the time in Retry-After. The call
	 * must be safe to repeat. After {@link #RETRY_TIMEOUT}, returns the last reply.
	 */
	public static Reply withRetries(Supplier<Reply> call) {
		long end = System.nanoTime() + RETRY_TIMEOUT.toNanos();
		Reply reply = call.get();
		while (isTransient(reply) && System.nanoTime() < end) {
			String seconds = reply.header("Retry-After");
			LockSupport
				.parkNanos(Duration.ofSeconds(seconds.matches("[1-9]\\d?") ? Long.parseLong(seconds) : 1).toNanos());
			reply = call.get();
		}
		return reply;
	}

	private static boolean isTransient(Reply reply) {
		return TRANSIENT_STATUSES.contains(reply.status())
				|| (reply.status() == 409 && reply.body().contains("IDEMPOTENCY_KEY_IN_USE"));
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.gateway.resolve(path)).timeout(TIMEOUT);
	}

	Reply send(HttpRequest request) {
		HttpResponse<String> response = exchange(request, HttpResponse.BodyHandlers.ofString());
		return new Reply(request.method() + " " + request.uri().getPath(), response.statusCode(), response.headers(),
				response.body());
	}

	HttpResponse<Stream<String>> open(HttpRequest request) {
		return exchange(request, HttpResponse.BodyHandlers.ofLines());
	}

	private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
		try {
			return this.http.send(request, handler);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(request.method() + " " + request.uri() + " got no answer: " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

}
