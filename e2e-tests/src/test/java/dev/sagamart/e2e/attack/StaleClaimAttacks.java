package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scenario.Account;
import dev.sagamart.e2e.client.ServerEvent;
import dev.sagamart.local.PartName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Tokens whose claims are outdated, because the user has lost the role ADMIN or was
 * erased after the token was issued.
 */
final class StaleClaimAttacks {

	private static final List<PartName> ENTRY_POINTS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private static final String ADMIN = "{\"roles\": [\"ADMIN\"]}";

	private static final String CUSTOMER = "{\"roles\": [\"CUSTOMER\"]}";

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	/** Demoted and erased accounts that all services know of. */
	private final Map<String, Account> known = new HashMap<>();

	private StaleClaimAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario) {
		StaleClaimAttacks all = new StaleClaimAttacks(scenario);
		all.userServiceFunctions();
		all.otherServices();
		return all.attacks;
	}

	private void userServiceFunctions() {
		stale("taking the role ADMIN back", (account) -> Request.put(roles(account.id()), ADMIN));
		stale("giving a friend the role ADMIN", (_) -> Request.put(roles(this.scenario.attacker().id()), ADMIN));
		stale("taking the role ADMIN from another", (_) -> Request.put(roles(this.scenario.admin().id()), CUSTOMER));
		stale("listing the users", (_) -> Request.get("/api/v1/users"));
		stale("reading a user", (_) -> Request.get("/api/v1/users/" + this.scenario.victim().id()));
		stale("making a signing key", (_) -> Request.of("POST", "/api/v1/operations/user/signing-keys/rotation"));
		stale("reading dead letters", (_) -> Request.get("/api/v1/operations/user/dead-letters"));
		stale("discarding a dead letter",
				(_) -> Request.delete("/api/v1/operations/user/dead-letters/" + UUID.randomUUID()));
		erased("reading one's profile", (_) -> Request.get("/api/v1/users/me"));
		erased("reading one's addresses", (_) -> Request.get("/api/v1/users/me/addresses"));
		erased("reading one's notifications", (_) -> Request.get("/api/v1/users/me/notifications"));
		erased("having preferences", (_) -> Request.put("/api/v1/users/me/preferences",
				"{\"locale\": \"de\", \"currency\": \"EUR\", \"marketingEmails\": true}"));
	}

	/** Other services than user-service learn of the change a moment later. */
	private void otherServices() {
		everywhere("looking into the cart", Parts.ORDER_SERVICE, (_) -> Request.get("/api/v1/cart"));
		everywhere("placing an order", Parts.ORDER_SERVICE,
				(_) -> Request.post("/api/v1/orders", this.scenario.orderOf("1"))
					.header("Idempotency-Key", UUID.randomUUID().toString()));
		everywhere("reading somebody's order", Parts.ORDER_SERVICE,
				(_) -> Request.get("/api/v1/orders/" + this.scenario.order().id()));
		everywhere("watching somebody's order", Parts.ORDER_SERVICE,
				(_) -> Request.get("/api/v1/orders/" + this.scenario.order().id() + "/events"));
		everywhere("cancelling somebody's order", Parts.ORDER_SERVICE,
				(_) -> Request.of("POST", "/api/v1/orders/" + this.scenario.order().id() + "/cancellation"));
		everywhere("delivering somebody's order", Parts.ORDER_SERVICE,
				(_) -> Request.of("POST", "/api/v1/orders/" + this.scenario.order().id() + "/delivery"));
		everywhere("looking at the sagas", Parts.ORDER_SERVICE, (_) -> Request.get("/api/v1/operations/sagas"));
		everywhere("looking at somebody's payments", Parts.PAYMENT_SERVICE,
				(_) -> Request.get("/api/v1/payments?orderId=" + this.scenario.order().id()));
		everywhere("refunding somebody's payment", Parts.PAYMENT_SERVICE,
				(_) -> Request
					.post("/api/v1/payments/" + this.scenario.payment().id() + "/refunds",
							"{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}, \"reason\": \"mine\"}")
					.header("Idempotency-Key", UUID.randomUUID().toString()));
		everywhere("looking at the stock", Parts.PRODUCT_SERVICE,
				(_) -> Request.get("/api/v1/products/" + this.scenario.product().id() + "/stock"));
		everywhere("adding to the stock", Parts.PRODUCT_SERVICE,
				(_) -> Request.post("/api/v1/products/" + this.scenario.product().id() + "/stock-adjustments",
						"{\"delta\": 5, \"reason\": \"mine\"}"));
		everywhere("discontinuing a product", Parts.PRODUCT_SERVICE,
				(_) -> Request.delete("/api/v1/products/" + this.scenario.product().id()));
		everywhere("reading the audit", Parts.API_GATEWAY, (_) -> Request.get("/api/v1/operations/audit"));
		this.attacks.add(attack("going on to watch somebody's order after the role was taken away", () -> {
			Account account = newAdmin();
			CountDownLatch opened = new CountDownLatch(1);
			CompletableFuture<List<ServerEvent>> watching = CompletableFuture
				.supplyAsync(() -> account.session().events(this.scenario.order().id(), null, (_) -> {
					opened.countDown();
					return false;
				}));
			assertThat(opened.await(1, TimeUnit.MINUTES)).isTrue();
			demote(account);
			assertThat(watching).succeedsWithin(RunningPlatform.TIMEOUT);
		}));
	}

	/** Like {@link #stale}, at the gateway and at another service than user-service. */
	private void everywhere(String name, PartName service, Attempt attempt) {
		this.attacks.add(attack(name + " after the role was taken away",
				() -> refused(this.known.computeIfAbsent("demoted", (_) -> awaitKnownEverywhere(formerAdmin())),
						Set.copyOf(List.of(Parts.API_GATEWAY, service)), attempt)));
		this.attacks.add(attack(name + " after one was erased",
				() -> refused(this.known.computeIfAbsent("erased", (_) -> awaitKnownEverywhere(erasedAdmin())),
						Set.copyOf(List.of(Parts.API_GATEWAY, service)), attempt)));
	}

	/** Waits until all services refuse the token of the account. */
	private Account awaitKnownEverywhere(Account account) {
		Map.of(Parts.API_GATEWAY, "/api/v1/cart", Parts.ORDER_SERVICE, "/api/v1/cart", Parts.PRODUCT_SERVICE,
				"/api/v1/products/" + this.scenario.product().id() + "/stock", Parts.PAYMENT_SERVICE,
				"/api/v1/payments?orderId=" + this.scenario.order().id())
			.forEach((entryPoint, path) -> Awaitility.await(entryPoint.text())
				.atMost(RunningPlatform.TIMEOUT)
				.until(() -> RawConnection
					.exchange(this.scenario.platform().url(entryPoint), Request.get(path).bearer(account.token()), null)
					.status(), (status) -> status == 401));
		return account;
	}

	/** Sends the request as a demoted user and as an erased user. */
	private void stale(String name, Attempt attempt) {
		this.attacks.add(attack(name + " after the role was taken away", () -> {
			Account account = formerAdmin();
			refused(account, ENTRY_POINTS, attempt);
			assertThat(rolesOf(account.id())).isEqualTo("{CUSTOMER}");
		}));
		erased(name, attempt);
	}

	private void erased(String name, Attempt attempt) {
		this.attacks.add(attack(name + " after one was erased", () -> {
			Account account = newAdmin();
			account.session().delete("/api/v1/users/me").expect(204);
			refused(account, ENTRY_POINTS, attempt);
		}));
	}

	private void refused(Account account, Collection<PartName> entryPoints, Attempt attempt) throws SQLException {
		Map<String, Set<String>> before = state();
		for (PartName entryPoint : entryPoints) {
			Response got = RawConnection.exchange(this.scenario.platform().url(entryPoint),
					attempt.by(account).bearer(account.token()), null);
			assertThat(got.status() + got.code()).as("at %s: %s", entryPoint.text(), got.body())
				.isEqualTo("401INVALID_TOKEN");
		}
		assertThat(DatabaseState.changes(before, state())).isEmpty();
	}

	/** An account whose token still contains the role ADMIN. */
	private Account formerAdmin() {
		Account account = newAdmin();
		demote(account);
		return account;
	}

	private void demote(Account account) {
		this.scenario.admin().session().put(roles(account.id()), Map.of("roles", List.of("CUSTOMER"))).expect(200);
	}

	private Account erasedAdmin() {
		Account account = newAdmin();
		account.session().delete("/api/v1/users/me").expect(204);
		return account;
	}

	private Account newAdmin() {
		Account account = Scenario.newAccount(this.scenario.platform().api());
		this.scenario.admin().session().put(roles(account.id()), Map.of("roles", List.of("ADMIN"))).expect(200);
		return Scenario.logIn(this.scenario.platform().api(), account.email(), account.password());
	}

	private static String roles(UUID id) {
		return "/api/v1/users/" + id + "/roles";
	}

	private Map<String, Set<String>> state() throws SQLException {
		try (Connection database = this.scenario.platform().database()) {
			return new DatabaseState(database).read();
		}
	}

	private String rolesOf(UUID id) throws SQLException {
		try (Connection database = this.scenario.platform().database();
				PreparedStatement query = database
					.prepareStatement("SELECT roles::text FROM users.app_user WHERE id = ?")) {
			query.setObject(1, id);
			try (ResultSet row = query.executeQuery()) {
				assertThat(row.next()).isTrue();
				return row.getString(1);
			}
		}
	}

	@FunctionalInterface
	private interface Attempt {

		Request by(Account account);

	}

}
