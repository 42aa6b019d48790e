package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.local.PartName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Idempotency keys that are missing, malformed, reused, or another user's. */
final class KeyAttacks {

	private static final String INVALID = "IDEMPOTENCY_KEY_INVALID";

	private final Scenario scenario;

	private final String attacker;

	private final List<Attack> attacks = new ArrayList<>();

	private KeyAttacks(Scenario scenario) {
		this.scenario = scenario;
		this.attacker = scenario.attacker().token();
	}

	static List<Attack> of(Scenario scenario) {
		KeyAttacks all = new KeyAttacks(scenario);
		all.malformed();
		all.usedAgain();
		return all.attacks;
	}

	private void malformed() {
		String refunds = "/api/v1/payments/" + this.scenario.payment().id() + "/refunds";
		String refund = "{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}}";
		this.attacks.add(attack("an order without a key").send(Parts.ORDER_SERVICE, order(this.attacker))
			.refused(400, "IDEMPOTENCY_KEY_MISSING"));
		this.attacks.add(attack("a refund without a key")
			.send(Parts.PAYMENT_SERVICE, Request.post(refunds, refund).bearer(this.scenario.admin().token()))
			.refused(400, "IDEMPOTENCY_KEY_MISSING"));
		for (String key : List.of("", "k".repeat(256), "two words", "schlüssel", "🔑", "a\tb")) {
			String shown = ((key.length() > 20) ? "256 characters" : key).replaceAll("\\p{Cc}", "?");
			Attack attack = attack("an order with the key '" + shown + "'").send(Parts.ORDER_SERVICE,
					order(this.attacker).header("Idempotency-Key", key));
			this.attacks.add(key.equals("🔑") ? attack.refused(400, "BAD_REQUEST") : attack.refused(400, INVALID));
		}
		this.attacks.add(
				attack("a refund with a key of 256 characters")
					.send(Parts.PAYMENT_SERVICE,
							Request.post(refunds, refund)
								.bearer(this.scenario.admin().token())
								.header("Idempotency-Key", "k".repeat(256)))
					.refused(400, INVALID));
	}

	private void usedAgain() {
		this.attacks.add(attack("20 orders at once with one key", () -> {
			String key = UUID.randomUUID().toString();
			long before = ordersOfAttacker();
			List<Response> responses = new ArrayList<>();
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				List<Callable<Response>> calls = IntStream.range(0, 20)
					.<Callable<Response>>mapToObj(
							(i) -> () -> place((i % 2 == 0) ? Parts.API_GATEWAY : Parts.ORDER_SERVICE, this.attacker,
									"1", key))
					.toList();
				for (Future<Response> response : threads.invokeAll(calls)) {
					responses.add(response.get());
				}
			}
			assertThat(responses).extracting(Response::status).contains(201).containsAnyOf(201, 409);
			assertThat(responses).allSatisfy((response) -> assertThat(response.status() + response.code()).isIn("201",
					"409IDEMPOTENCY_KEY_IN_USE"));
			assertThat(responses.stream().filter((response) -> response.status() == 201).map(Response::body).distinct())
				.hasSize(1);
			assertThat(ordersOfAttacker() - before).isEqualTo(1);
		}));
		this.attacks.add(attack("the same key with another body", () -> {
			String key = UUID.randomUUID().toString();
			assertThat(place(Parts.API_GATEWAY, this.attacker, "1", key).status()).isEqualTo(201);
			long before = ordersOfAttacker();
			for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.ORDER_SERVICE)) {
				Response response = place(entryPoint, this.attacker, "2", key);
				assertThat(response.status() + response.code()).isEqualTo("422IDEMPOTENCY_KEY_REUSED");
			}
			assertThat(ordersOfAttacker()).isEqualTo(before);
		}));
		this.attacks.add(attack("the same key at another entry point and with other whitespace in the body", () -> {
			String key = UUID.randomUUID().toString();
			Response first = place(Parts.API_GATEWAY, this.attacker, "1", key);
			Response again = place(Parts.ORDER_SERVICE, this.attacker, "   1", key);
			assertThat(again.status()).isEqualTo(201);
			assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
			assertThat(again.body()).isEqualTo(first.body());
			assertThat(again.header("Location")).isEqualTo(first.header("Location"));
		}));
		this.attacks.add(attack("another user's key", () -> {
			String key = UUID.randomUUID().toString();
			Response victims = place(Parts.API_GATEWAY, this.scenario.victim().token(), "1", key);
			Response attackers = place(Parts.API_GATEWAY, this.attacker, "1", key);
			assertThat(attackers.status()).isEqualTo(201);
			assertThat(attackers.header("Idempotent-Replayed")).isEmpty();
			assertThat(attackers.json().path("userId").asString()).isEqualTo(this.scenario.attacker().id().toString());
			assertThat(attackers.json().path("id")).isNotEqualTo(victims.json().path("id"));
		}));
		this.attacks.add(attack("an order's key for a refund, and for the refund of another payment", () -> {
			String key = UUID.randomUUID().toString();
			assertThat(place(Parts.API_GATEWAY, this.scenario.admin().token(), "1", key).status()).isEqualTo(201);
			Response refund = RawConnection.exchange(this.scenario.platform().url(Parts.API_GATEWAY),
					Request
						.post("/api/v1/payments/" + UUID.randomUUID() + "/refunds",
								"{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}}")
						.bearer(this.scenario.admin().token())
						.header("Idempotency-Key", key),
					null);
			assertThat(refund.status() + refund.code()).isEqualTo("404NOT_FOUND");
		}));
		this.attacks.add(attack("a refused order's key", () -> {
			String key = UUID.randomUUID().toString();
			assertThat(place(Parts.API_GATEWAY, this.attacker, "0", key).status()).isEqualTo(422);
			assertThat(place(Parts.API_GATEWAY, this.attacker, "1", key).status()).as("the refusal was not stored")
				.isEqualTo(201);
		}));
	}

	private Request order(String token) {
		return Request.post("/api/v1/orders", this.scenario.orderOf("1")).bearer(token);
	}

	private Response place(PartName entryPoint, String token, String quantity, String key) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint),
				Request.post("/api/v1/orders", this.scenario.orderOf(quantity))
					.bearer(token)
					.header("Idempotency-Key", key),
				null);
	}

	private long ordersOfAttacker() throws SQLException {
		try (Connection database = this.scenario.platform().database();
				PreparedStatement query = database
					.prepareStatement("SELECT count(*) FROM orders.orders WHERE user_id = ?")) {
			query.setObject(1, this.scenario.attacker().id());
			ResultSet row = query.executeQuery();
			row.next();
			return row.getLong(1);
		}
	}

}
