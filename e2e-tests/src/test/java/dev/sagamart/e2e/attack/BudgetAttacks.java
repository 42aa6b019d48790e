package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scenario.Account;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Exhaustion of shared resources: buffers for request bodies, CPU, stock. */
final class BudgetAttacks {

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	private BudgetAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario) {
		BudgetAttacks all = new BudgetAttacks(scenario);
		all.bodies();
		all.passwords();
		all.orders();
		return all.attacks;
	}

	/**
	 * One address may use only a part of the memory for unfinished bodies.
	 */
	private void bodies() {
		this.attacks.add(attack("filling the buffers for request bodies with unfinished bodies", () -> {
			URI gateway = this.scenario.platform().url(Parts.API_GATEWAY);
			byte[] unfinished = new byte[1024 * 1024 - 1];
			List<RawConnection> connections = new ArrayList<>();
			try {
				for (int i = 0; i < 64; i++) {
					RawConnection connection = RawConnection.to(gateway, "127.0.0.74");
					connections.add(connection);
					connection.sendUntilRefused(unfinished("/api/v1/payments/provider-events", unfinished.length + 1));
					connection.sendUntilRefused(unfinished);
				}
				assertThat(Scenario.newAccount(this.scenario.platform().api()).token()).isNotEmpty();
				List<Integer> refusals = new ArrayList<>();
				for (RawConnection connection : connections) {
					refusals.add(connection.read("POST", RawConnection.TIMEOUT).status());
				}
				assertThat(refusals).contains(429).isSubsetOf(429, 408);
			}
			finally {
				for (RawConnection connection : connections) {
					connection.close();
				}
			}
		}));
		this.attacks.add(attack("sending a body very slowly", () -> {
			try (RawConnection connection = RawConnection.to(this.scenario.platform().url(Parts.API_GATEWAY),
					"127.0.0.74")) {
				connection.send(unfinished("/api/v1/payments/provider-events", 100_000));
				connection.send("a few bytes".getBytes(StandardCharsets.US_ASCII));
				assertThat(connection.read("POST", RawConnection.TIMEOUT).status()).isEqualTo(408);
			}
		}));
		for (String path : List.of("/.well-known/nothing", "/oauth2/nothing", "/nothing")) {
			this.attacks.add(attack("sending a body to " + path, () -> notRead("POST", path, 404)));
		}
		for (String path : List.of("/.well-known/openid-configuration", "/oauth2/jwks", "/openapi/users.json")) {
			this.attacks.add(attack("sending a body to " + path, () -> notRead("PUT", path, 405)));
		}
		this.attacks.add(attack("sending a body with GET", () -> notRead("GET", "/api/v1/products", 400)));
	}

	/** The server responds before it reads the body. */
	private void notRead(String method, String path, int status) throws IOException {
		try (RawConnection connection = RawConnection.to(this.scenario.platform().url(Parts.API_GATEWAY),
				"127.0.0.74")) {
			connection.send((method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(connection.read(method, RawConnection.TIMEOUT).status()).isEqualTo(status);
		}
	}

	private static byte[] unfinished(String path, int length) {
		return ("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + length
				+ "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	/** Requests without a password must not wait for password hashing. */
	private void passwords() {
		this.attacks.add(attack("flooding user-service with password checks", () -> {
			URI gateway = this.scenario.platform().url(Parts.API_GATEWAY);
			Account buyer = Scenario.newAccount(this.scenario.platform().api());
			String refreshToken = buyer.refreshToken();
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				List<Future<Response>> flood = IntStream.range(0, 200)
					.mapToObj((i) -> threads
						.submit(() -> RawConnection.exchange(gateway, guess(i), RunningPlatform.PROXY)))
					.toList();
				for (int i = 0; i < 10; i++) {
					assertThat(ask(Request.get("/api/v1/users/me").bearer(buyer.token())).status()).isEqualTo(200);
					assertThat(ask(Request.get("/oauth2/jwks")).status()).isEqualTo(200);
					Response refreshed = ask(
							Request.post("/api/v1/sessions/refresh", "{\"refreshToken\": \"" + refreshToken + "\"}"));
					assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
					refreshToken = JsonMapper.shared().readTree(refreshed.body()).path("refreshToken").asString();
				}
				for (Future<Response> response : flood) {
					assertThat(response.get().status()).isIn(401, 503);
				}
			}
		}));
	}

	private void orders() {
		this.attacks.add(attack("holding stock with orders that are not paid yet", () -> {
			Session greedy = Scenario.newAccount(this.scenario.platform().api()).session();
			Product product = this.scenario.admin().session().createProduct(Money.eur(100), 5000);
			this.scenario.platform().awaitOnPriceList(product);
			OrderRequest slow = OrderRequest.of(product, 999).payingWith("pm_sim_slow");
			for (int i = 0; i < 3; i++) {
				assertThat(greedy.tryToPlace(slow, UUID.randomUUID().toString()).status()).isEqualTo(201);
			}
			Reply refused = greedy.tryToPlace(slow, UUID.randomUUID().toString());
			assertThat(refused.status() + refused.code()).isEqualTo("429TOO_MANY_OPEN_ORDERS");
			Session buyer = Scenario.newAccount(this.scenario.platform().api()).session();
			assertThat(buyer.awaitSettled(buyer.place(OrderRequest.of(product, 999))).status()).isEqualTo("CONFIRMED");
		}));
		this.attacks.add(attack("testing stolen cards", () -> {
			Session thief = Scenario.newAccount(this.scenario.platform().api()).session();
			for (int i = 0; i < 10; i++) {
				Order order = thief.place(OrderRequest.of(this.scenario.product(), 1).payingWith("pm_stolen_" + i));
				assertThat(thief.awaitSettled(order).status()).isEqualTo("REJECTED");
			}
			Reply refused = thief.tryToPlace(OrderRequest.of(this.scenario.product(), 1).payingWith("pm_stolen_10"),
					UUID.randomUUID().toString());
			assertThat(refused.status() + refused.code()).isEqualTo("429TOO_MANY_DECLINES");
		}));
	}

	private Response ask(Request request) {
		return RawConnection.exchange(this.scenario.platform().url(Parts.API_GATEWAY), request, "127.0.0.73");
	}

	private static Request guess(int number) {
		return Request
			.post("/api/v1/sessions",
					"{\"email\": \"nobody-" + number + "@sagamart.example\", \"password\": \"a wrong password\"}")
			.header("X-Forwarded-For", "198.51.100." + (number + 1));
	}

}
