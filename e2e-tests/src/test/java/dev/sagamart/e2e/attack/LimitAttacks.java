package dev.sagamart.e2e.attack;

import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scene.Account;
import dev.sagamart.e2e.client.Json;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
		all.bodies();
		all.passwords();
		all.orders();
		all.moreTraces();
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
		URI gateway = this.scene.platform().url(PartName.API_GATEWAY);
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
		URI metrics = this.scene.platform().managementUrl(PartName.API_GATEWAY).resolve("/actuator/prometheus");
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
		return Wire.ask(this.scene.platform().url(PartName.API_GATEWAY), request, RunningPlatform.PROXY);
	}

	/** One of ten is traced; that all twelve are happens once in 10^12 times. */
	private void moreTraces() {
		this.attacks.add(attack("having everything traced", () -> {
			String correlationId = UUID.randomUUID().toString();
			for (int i = 0; i < 12; i++) {
				String trace = UUID.randomUUID().toString().replace("-", "");
				Answer placed = Wire.ask(this.scene.platform().url(PartName.API_GATEWAY),
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
	 * All that one address may send before a body ends is a part of what there is room
	 * for.
	 */
	private void bodies() {
		this.attacks.add(attack("filling the room of all bodies", () -> {
			URI gateway = this.scene.platform().url(PartName.API_GATEWAY);
			byte[] unfinished = new byte[1024 * 1024 - 1];
			List<Wire> wires = new ArrayList<>();
			try {
				for (int i = 0; i < 64; i++) {
					Wire wire = Wire.to(gateway, "127.0.0.72");
					wires.add(wire);
					wire.sendUntilRefused(unfinished("/api/v1/payments/provider-events", unfinished.length + 1));
					wire.sendUntilRefused(unfinished);
				}
				assertThat(Scene.newAccount(this.scene.platform().api()).token()).isNotEmpty();
				List<Integer> refusals = new ArrayList<>();
				for (Wire wire : wires) {
					refusals.add(wire.read("POST", Wire.PATIENCE).status());
				}
				assertThat(refusals).contains(429).isSubsetOf(429, 408);
			}
			finally {
				for (Wire wire : wires) {
					wire.close();
				}
			}
		}));
		this.attacks.add(attack("trickling a body", () -> {
			try (Wire wire = Wire.to(this.scene.platform().url(PartName.API_GATEWAY), "127.0.0.72")) {
				wire.send(unfinished("/api/v1/payments/provider-events", 100_000));
				wire.send("a few bytes".getBytes(StandardCharsets.US_ASCII));
				assertThat(wire.read("POST", Wire.PATIENCE).status()).isEqualTo(408);
			}
		}));
		for (String path : List.of("/.well-known/nothing", "/oauth2/nothing", "/nothing")) {
			this.attacks.add(attack("sending a body to " + path, () -> notRead("POST", path, 404)));
		}
		for (String path : List.of("/.well-known/openid-configuration", "/oauth2/jwks", "/openapi/users.json")) {
			this.attacks.add(attack("sending a body to " + path, () -> notRead("PUT", path, 405)));
		}
		this.attacks.add(attack("sending a body with a read", () -> notRead("GET", "/api/v1/products", 400)));
	}

	/** The answer is there before the body. */
	private void notRead(String method, String path, int status) throws IOException {
		try (Wire wire = Wire.to(this.scene.platform().url(PartName.API_GATEWAY), "127.0.0.72")) {
			wire.send((method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(wire.read(method, Wire.PATIENCE).status()).isEqualTo(status);
		}
	}

	private static byte[] unfinished(String path, int length) {
		return ("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + length
				+ "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	/** What needs no password goes on as if nothing were. */
	private void passwords() {
		this.attacks.add(attack("keeping the users' service busy with passwords", () -> {
			URI gateway = this.scene.platform().url(PartName.API_GATEWAY);
			Account buyer = Scene.newAccount(this.scene.platform().api());
			String refreshToken = buyer.refreshToken();
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				List<Future<Answer>> flood = IntStream.range(0, 200)
					.mapToObj((i) -> threads.submit(() -> Wire.ask(gateway, guess(i), RunningPlatform.PROXY)))
					.toList();
				for (int i = 0; i < 10; i++) {
					assertThat(ask(Request.get("/api/v1/users/me").bearer(buyer.token())).status()).isEqualTo(200);
					assertThat(ask(Request.get("/oauth2/jwks")).status()).isEqualTo(200);
					Answer refreshed = ask(
							Request.post("/api/v1/sessions/refresh", "{\"refreshToken\": \"" + refreshToken + "\"}"));
					assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
					refreshToken = Json.tree(refreshed.body()).path("refreshToken").asString();
				}
				for (Future<Answer> answer : flood) {
					assertThat(answer.get().status()).isIn(401, 503);
				}
			}
		}));
	}

	private void orders() {
		this.attacks.add(attack("holding stock with orders that are not paid yet", () -> {
			Session greedy = Scene.newAccount(this.scene.platform().api()).session();
			Product product = this.scene.admin().session().createProduct(Money.eur(100), 5000);
			this.scene.platform().awaitOnPriceList(product);
			OrderRequest slow = OrderRequest.of(product, 999).payingWith("pm_sim_slow");
			for (int i = 0; i < 3; i++) {
				assertThat(greedy.tryToPlace(slow, UUID.randomUUID().toString()).status()).isEqualTo(201);
			}
			Reply refused = greedy.tryToPlace(slow, UUID.randomUUID().toString());
			assertThat(refused.status() + refused.code()).isEqualTo("429TOO_MANY_OPEN_ORDERS");
			Session buyer = Scene.newAccount(this.scene.platform().api()).session();
			assertThat(buyer.awaitSettled(buyer.place(OrderRequest.of(product, 999))).status()).isEqualTo("CONFIRMED");
		}));
		this.attacks.add(attack("finding out which cards are good", () -> {
			Session thief = Scene.newAccount(this.scene.platform().api()).session();
			for (int i = 0; i < 10; i++) {
				Order order = thief.place(OrderRequest.of(this.scene.product(), 1).payingWith("pm_stolen_" + i));
				assertThat(thief.awaitSettled(order).status()).isEqualTo("REJECTED");
			}
			Reply refused = thief.tryToPlace(OrderRequest.of(this.scene.product(), 1).payingWith("pm_stolen_10"),
					UUID.randomUUID().toString());
			assertThat(refused.status() + refused.code()).isEqualTo("429TOO_MANY_DECLINES");
		}));
	}

	private Answer ask(Request request) {
		return Wire.ask(this.scene.platform().url(PartName.API_GATEWAY), request, "127.0.0.73");
	}

	private static Request guess(int number) {
		return Request
			.post("/api/v1/sessions",
					"{\"email\": \"nobody-" + number + "@sagamart.example\", \"password\": \"a wrong password\"}")
			.header("X-Forwarded-For", "198.51.100." + (number + 1));
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
