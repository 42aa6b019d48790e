package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scenario.Account;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Evading rate limits and quotas. */
final class LimitAttacks {

	private static final int ACCOUNTS = 8;

	/** Requests per account, below the limit of an account. */
	private static final int REQUESTS = 25;

	private static final int ALLOWED_FAILURES = 10;

	private static final int REFUSALS = 600;

	/** The greatest number of event streams per user and instance. */
	private static final int STREAMS = 8;

	private final Scenario scenario;

	private final TokenForge forge;

	private final List<Attack> attacks = new ArrayList<>();

	private LimitAttacks(Scenario scenario, TokenForge forge) {
		this.scenario = scenario;
		this.forge = forge;
	}

	static List<Attack> of(Scenario scenario, TokenForge forge) {
		LimitAttacks all = new LimitAttacks(scenario, forge);
		all.manyAccounts();
		all.manyAddresses();
		all.streams();
		all.forcedTraces();
		all.manyAuditRows();
		return all.attacks;
	}

	/**
	 * The requests of all accounts count for the limit of their address. Refusals are
	 * tested elsewhere with a lower limit, because this machine may be too slow to reach
	 * the default.
	 */
	private void manyAccounts() {
		this.attacks.add(attack("exceeding a rate limit with more accounts", () -> {
			double before = countedByAddress();
			List<Response> responses = fromManyAccounts();
			assertThat(responses).hasSize(ACCOUNTS * REQUESTS).extracting(Response::status).isSubsetOf(404, 429);
			assertThat(countedByAddress() - before).isGreaterThanOrEqualTo(responses.size());
		}));
	}

	private List<Response> fromManyAccounts() throws Exception {
		List<Callable<List<Response>>> accounts = Stream
			.generate(() -> this.forge.signedByIssuer(this.forge.claimsWith("sub", UUID.randomUUID().toString())))
			.map((token) -> (Callable<List<Response>>) () -> ask(token))
			.limit(ACCOUNTS)
			.toList();
		List<Response> responses = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<List<Response>> account : threads.invokeAll(accounts)) {
				responses.addAll(account.get());
			}
		}
		return responses;
	}

	private List<Response> ask(String token) throws IOException {
		URI gateway = this.scenario.platform().url(Parts.API_GATEWAY);
		byte[] request = Request.get("/api/v1/nothing").bearer(token).header("Connection", "keep-alive").bytes(gateway);
		List<Response> responses = new ArrayList<>();
		try (RawConnection connection = RawConnection.to(gateway, "127.0.0.71")) {
			for (int i = 0; i < REQUESTS; i++) {
				connection.send(request);
				responses.add(connection.read("GET", RawConnection.TIMEOUT));
			}
		}
		return responses;
	}

	private double countedByAddress() throws IOException, InterruptedException {
		URI metrics = this.scenario.platform().managementUrl(Parts.API_GATEWAY).resolve("/actuator/prometheus");
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
				.body()
				.filter((line) -> line.startsWith("sagamart_gateway_ratelimit_requests_total{limit=\"address\""))
				.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
				.sum();
		}
	}

	/** An IPv6 network counts as one address, because its owner can use all of it. */
	private void manyAddresses() {
		this.attacks.add(attack("guessing a password from many addresses of an IPv6 network", () -> {
			assumeTrue(this.scenario.platform().distinguishesClientAddresses(),
					"A trusted proxy needs distinguishable client addresses");
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			List<Response> responses = IntStream.range(0, ALLOWED_FAILURES + 3)
				.mapToObj((i) -> logIn(owner, "a wrong password", "2001:db8:1:2:" + i + "::" + i))
				.toList();
			assertThat(responses).extracting(Response::status)
				.hasSize(ALLOWED_FAILURES + 3)
				.startsWith(401)
				.endsWith(429, 429, 429)
				.containsOnly(401, 429);
			assertThat(logIn(owner, owner.password(), "2001:db8:1:2::99").code()).as("the right password from there")
				.isEqualTo("TOO_MANY_FAILED_LOGINS");
			assertThat(logIn(owner, owner.password(), "2001:db8:1:3::99").status()).as("the owner from elsewhere")
				.isEqualTo(201);
		}));
	}

	private Response logIn(Account account, String password, String address) {
		Request request = Request
			.post("/api/v1/sessions", "{\"email\": \"" + account.email() + "\", \"password\": \"" + password + "\"}")
			.header("X-Forwarded-For", address);
		return RawConnection.exchange(this.scenario.platform().url(Parts.API_GATEWAY), request, RunningPlatform.PROXY);
	}

	/** One of ten requests is traced; the probability that all twelve are is 10^-12. */
	private void forcedTraces() {
		this.attacks.add(attack("forcing all requests to be traced", () -> {
			String correlationId = UUID.randomUUID().toString();
			for (int i = 0; i < 12; i++) {
				String trace = UUID.randomUUID().toString().replace("-", "");
				Response placed = RawConnection.exchange(this.scenario.platform().url(Parts.API_GATEWAY),
						this.scenario.placing(this.scenario.orderOf("1"))
							.header("X-Correlation-Id", correlationId)
							.header("traceparent", "00-" + trace + "-" + trace.substring(16) + "-01"),
						null);
				assertThat(placed.status()).as(placed.body()).isEqualTo(201);
			}
			this.scenario.platform().awaitQuiet();
			assertThat(traces(correlationId)).hasSizeGreaterThanOrEqualTo(12)
				.allSatisfy((trace) -> assertThat(trace).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]"))
				.anySatisfy((trace) -> assertThat(trace).as("not recorded").matches(".*-0[02]"));
		}));
	}

	private List<String> traces(String correlationId) throws SQLException {
		try (Connection database = this.scenario.platform().database();
				PreparedStatement query = database
					.prepareStatement("SELECT traceparent FROM payments.operation WHERE correlation_id = ?")) {
			query.setString(1, correlationId);
			ResultSet rows = query.executeQuery();
			List<String> traces = new ArrayList<>();
			while (rows.next()) {
				traces.add(rows.getString(1));
			}
			return traces;
		}
	}

	/**
	 * Refusals of one kind are stored as one row per minute, even for many paths.
	 */
	private void manyAuditRows() {
		this.attacks.add(attack("filling the disk with refusals", () -> {
			assumeTrue(this.scenario.platform().distinguishesClientAddresses(),
					"The rows need distinguishable client addresses");
			String address = "127.0.0.72";
			URI gateway = this.scenario.platform().url(Parts.API_GATEWAY);
			try (RawConnection connection = RawConnection.to(gateway, address)) {
				for (int i = 0; i < REFUSALS; i++) {
					connection.send(Request.get("/api/v1/orders/" + i + "/" + "x".repeat(4_000))
						.header("Connection", "keep-alive")
						.bytes(gateway));
					assertThat(connection.read("GET", RawConnection.TIMEOUT).status()).isIn(401, 429);
				}
			}
			await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
				assertThat(audited("sum(count) FROM gateway.audit_refusal", address)).isEqualTo(REFUSALS);
				assertThat(audited("count(*) FROM gateway.audit_refusal", address)).isBetween(1L, 6L);
				assertThat(audited("max(pg_column_size(audit_refusal)) FROM gateway.audit_refusal", address))
					.isLessThan(2_000);
				assertThat(audited("count(*) FROM gateway.audit_entry", address)).isZero();
			});
		}));
	}

	private long audited(String what, String address) throws SQLException {
		try (Connection database = this.scenario.platform().database();
				PreparedStatement query = database.prepareStatement("SELECT " + what + " WHERE address = ?")) {
			query.setString(1, address);
			ResultSet rows = query.executeQuery();
			rows.next();
			return rows.getLong(1);
		}
	}

	private void streams() {
		this.attacks.add(attack("occupying all event streams", () -> {
			Account greedy = Scenario.newAccount(this.scenario.platform().api());
			Order order = greedy.session()
				.awaitSettled(greedy.session().place(OrderRequest.of(this.scenario.product(), 1)));
			Semaphore opened = new Semaphore(0);
			AtomicInteger open = new AtomicInteger();
			try (ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
				try {
					for (int i = 0; i < 3 * STREAMS; i++) {
						watchers.execute(() -> {
							open.incrementAndGet();
							greedy.session().events(order.id(), null, (event) -> {
								opened.release();
								return false;
							});
							open.decrementAndGet();
						});
						assertThat(opened.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
						opened.drainPermits();
					}
					await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(open).hasValue(STREAMS));
					assertThat(
							this.scenario.victim().session().events(this.scenario.order().id(), null, (event) -> true))
						.hasSize(1);
				}
				finally {
					greedy.session().cancel(order);
				}
			}
			assertThat(open).hasValue(0);
		}));
	}

}
