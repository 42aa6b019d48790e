package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scene.Account;
import dev.sagamart.e2e.client.Json;
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

/** Using up what all need: room for bodies, processors, stock. */
final class BudgetAttacks {

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private BudgetAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		BudgetAttacks all = new BudgetAttacks(scene);
		all.bodies();
		all.passwords();
		all.orders();
		return all.attacks;
	}

	/**
	 * All that one address may send before a body ends is a part of what there is room
	 * for.
	 */
	private void bodies() {
		this.attacks.add(attack("filling the room of all bodies", () -> {
			URI gateway = this.scene.platform().url(Parts.API_GATEWAY);
			byte[] unfinished = new byte[1024 * 1024 - 1];
			List<Wire> wires = new ArrayList<>();
			try {
				for (int i = 0; i < 64; i++) {
					Wire wire = Wire.to(gateway, "127.0.0.74");
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
			try (Wire wire = Wire.to(this.scene.platform().url(Parts.API_GATEWAY), "127.0.0.74")) {
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
		try (Wire wire = Wire.to(this.scene.platform().url(Parts.API_GATEWAY), "127.0.0.74")) {
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
			URI gateway = this.scene.platform().url(Parts.API_GATEWAY);
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
		return Wire.ask(this.scene.platform().url(Parts.API_GATEWAY), request, "127.0.0.73");
	}

	private static Request guess(int number) {
		return Request
			.post("/api/v1/sessions",
					"{\"email\": \"nobody-" + number + "@sagamart.example\", \"password\": \"a wrong password\"}")
			.header("X-Forwarded-For", "198.51.100." + (number + 1));
	}

}
