package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scene.Account;
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

/** Getting more than one's share of what is limited. */
final class LimitAttacks {

	private static final int ACCOUNTS = 8;

	/** Of each account, less than it may send at once. */
	private static final int REQUESTS = 25;

	private static final int ALLOWED_FAILURES = 10;

	private static final int REFUSALS = 600;

	/** Event streams of one user at one instance. */
	private static final int STREAMS = 8;

	private final Scene scene;

	private final TokenForge forge;

	private final List<Attack> attacks = new ArrayList<>();

	private LimitAttacks(Scene scene, TokenForge forge) {
		this.scene = scene;
		this.forge = forge;
	}

	static List<Attack> in(Scene scene, TokenForge forge) {
		LimitAttacks all = new LimitAttacks(scene, forge);
		all.moreAccounts();
		all.moreAddresses();
		all.streams();
		all.moreTraces();
		all.moreRows();
		return all.attacks;
	}

	/**
	 * All that accounts ask is taken from what their address may ask. That the address is
	 * refused in the end is seen where its limit is lower: this machine may be too slow
	 * to ask more than that.
	 */
	private void moreAccounts() {
		this.attacks.add(attack("asking more with more accounts", () -> {
			double before = countedByAddress();
			List<Answer> answers = fromManyAccounts();
			assertThat(answers).hasSize(ACCOUNTS * REQUESTS).extracting(Answer::status).isSubsetOf(404, 429);
			assertThat(countedByAddress() - before).isGreaterThanOrEqualTo(answers.size());
		}));
	}

	private List<Answer> fromManyAccounts() throws Exception {
		List<Callable<List<Answer>>> accounts = Stream
			.generate(() -> this.forge.genuine(this.forge.claimsWith("sub", UUID.randomUUID().toString())))
			.map((token) -> (Callable<List<Answer>>) () -> ask(token))
			.limit(ACCOUNTS)
			.toList();
		List<Answer> answers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<List<Answer>> account : threads.invokeAll(accounts)) {
				answers.addAll(account.get());
			}
		}
		return answers;
	}

	private List<Answer> ask(String token) throws IOException {
		URI gateway = this.scene.platform().url(Parts.API_GATEWAY);
		byte[] request = Request.get("/api/v1/nothing").bearer(token).header("Connection", "keep-alive").bytes(gateway);
		List<Answer> answers = new ArrayList<>();
		try (Wire wire = Wire.to(gateway, "127.0.0.71")) {
			for (int i = 0; i < REQUESTS; i++) {
				wire.send(request);
				answers.add(wire.read("GET", Wire.PATIENCE));
			}
		}
		return answers;
	}

	private double countedByAddress() throws IOException, InterruptedException {
		URI metrics = this.scene.platform().managementUrl(Parts.API_GATEWAY).resolve("/actuator/prometheus");
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
				.body()
				.filter((line) -> line.startsWith("sagamart_gateway_ratelimit_requests_total{limit=\"address\""))
				.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
				.sum();
		}
	}

	/** Whoever has one address of an IPv6 network has all of it. */
	private void moreAddresses() {
		this.attacks.add(attack("guessing a password from all of an IPv6 network", () -> {
			assumeTrue(this.scene.platform().tellsClientsApart(), "No proxy is trusted if all come from one address");
			Account owner = Scene.newAccount(this.scene.platform().api());
			List<Answer> answers = IntStream.range(0, ALLOWED_FAILURES + 3)
				.mapToObj((i) -> logIn(owner, "a wrong password", "2001:db8:1:2:" + i + "::" + i))
				.toList();
			assertThat(answers).extracting(Answer::status)
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

	private Answer logIn(Account account, String password, String address) {
		Request request = Request
			.post("/api/v1/sessions", "{\"email\": \"" + account.email() + "\", \"password\": \"" + password + "\"}")
			.header("X-Forwarded-For", address);
		return Wire.ask(this.scene.platform().url(Parts.API_GATEWAY), request, RunningPlatform.PROXY);
	}

	/** One of ten is traced; that all twelve are happens once in 10^12 times. */
	private void moreTraces() {
		this.attacks.add(attack("having everything traced", () -> {
			String correlationId = UUID.randomUUID().toString();
			for (int i = 0; i < 12; i++) {
				String trace = UUID.randomUUID().toString().replace("-", "");
				Answer placed = Wire.ask(this.scene.platform().url(Parts.API_GATEWAY),
						this.scene.placing(this.scene.orderOf("1"))
							.header("X-Correlation-Id", correlationId)
							.header("traceparent", "00-" + trace + "-" + trace.substring(16) + "-01"),
						null);
				assertThat(placed.status()).as(placed.body()).isEqualTo(201);
			}
			this.scene.platform().awaitQuiet();
			assertThat(traces(correlationId)).hasSizeGreaterThanOrEqualTo(12)
				.allSatisfy((trace) -> assertThat(trace).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]"))
				.anySatisfy((trace) -> assertThat(trace).as("not recorded").matches(".*-0[02]"));
		}));
	}

	private List<String> traces(String correlationId) throws SQLException {
		try (Connection database = this.scene.platform().database();
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
	 * However many paths are refused, there is a row for each kind of refusal a minute.
	 */
	private void moreRows() {
		this.attacks.add(attack("filling the disk with refusals", () -> {
			assumeTrue(this.scene.platform().tellsClientsApart(), "The rows are those of one address");
			String address = "127.0.0.72";
			URI gateway = this.scene.platform().url(Parts.API_GATEWAY);
			try (Wire wire = Wire.to(gateway, address)) {
				for (int i = 0; i < REFUSALS; i++) {
					wire.send(Request.get("/api/v1/orders/" + i + "/" + "x".repeat(4_000))
						.header("Connection", "keep-alive")
						.bytes(gateway));
					assertThat(wire.read("GET", Wire.PATIENCE).status()).isIn(401, 429);
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
		try (Connection database = this.scene.platform().database();
				PreparedStatement query = database.prepareStatement("SELECT " + what + " WHERE address = ?")) {
			query.setString(1, address);
			ResultSet rows = query.executeQuery();
			rows.next();
			return rows.getLong(1);
		}
	}

	private void streams() {
		this.attacks.add(attack("watching an order with all event streams that there are", () -> {
			Account greedy = Scene.newAccount(this.scene.platform().api());
			Order order = greedy.session()
				.awaitSettled(greedy.session().place(OrderRequest.of(this.scene.product(), 1)));
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
					assertThat(this.scene.victim().session().events(this.scene.order().id(), null, (event) -> true))
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
