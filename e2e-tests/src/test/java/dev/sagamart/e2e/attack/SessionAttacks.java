package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.attack.Scenario.Account;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Password guessing, account enumeration, and reuse of refresh tokens. */
final class SessionAttacks {

	/** The limit of failed log-ins per account, address and quarter of an hour. */
	private static final int ALLOWED_FAILURES = 10;

	private static final List<PartName> ENTRY_POINTS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	private SessionAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario) {
		SessionAttacks all = new SessionAttacks(scenario);
		all.accountEnumeration();
		all.guessing();
		all.tokenReuse();
		all.forms();
		return all.attacks;
	}

	private void accountEnumeration() {
		atEachEntryPoint("account enumeration by a log-in", (entryPoint) -> {
			Response known = logIn(entryPoint, this.scenario.victim().email(), "not-the-password", null);
			Response unknown = logIn(entryPoint, "nobody-" + UUID.randomUUID() + "@sagamart.example",
					"not-the-password", null);
			Response none = logIn(entryPoint, "not an email", "not-the-password", null);
			assertThat(known.status() + known.code()).isEqualTo("401BAD_CREDENTIALS");
			for (Response other : List.of(unknown, none)) {
				assertThat(Response.withoutIds(other)).isEqualTo(Response.withoutIds(known));
			}
		});
		atEachEntryPoint("account enumeration of erased users", (entryPoint) -> {
			Account erased = Scenario.newAccount(this.scenario.platform().api());
			erased.session().delete("/api/v1/users/me").expect(204);
			Response response = logIn(entryPoint, erased.email(), erased.password(), null);
			assertThat(response.status() + response.code()).isEqualTo("401BAD_CREDENTIALS");
			assertThat(refresh(entryPoint, erased.refreshToken()).status()).isEqualTo(401);
		});
	}

	private void guessing() {
		atEachEntryPoint("guessing a password", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			List<Integer> responses = Stream
				.generate(() -> logIn(entryPoint, owner.email(), "a wrong password", "127.0.0.66").status())
				.limit(ALLOWED_FAILURES + 3)
				.toList();
			assertThat(responses).startsWith(401).endsWith(429, 429, 429).containsOnly(401, 429);
			assertThat(responses.stream().filter((status) -> status == 401)).hasSizeLessThanOrEqualTo(ALLOWED_FAILURES);
			Response right = logIn(entryPoint, owner.email(), owner.password(), "127.0.0.66");
			assertThat(right.status()).as("the right password from there").isEqualTo(429);
			assertThat(right.header("Retry-After")).matches("[1-9]\\d*");
			assumeTrue(this.scenario.platform().distinguishesClientAddresses(),
					"Another address needs distinguishable client addresses");
			assertThat(logIn(entryPoint, owner.email(), owner.password(), "127.0.0.67").status())
				.as("the owner from elsewhere")
				.isEqualTo(201);
		});
		atEachEntryPoint("guessing a password under many addresses", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			List<Integer> responses = new ArrayList<>();
			for (int i = 0; i < ALLOWED_FAILURES + 3; i++) {
				responses.add(ask(entryPoint, "/api/v1/sessions", credentials(owner.email(), "a wrong password"),
						"127.0.0.68", "X-Forwarded-For: 10.0.0." + i, "X-Real-IP: 10.0.1." + i,
						"Forwarded: for=10.0.2." + i, "X-Edge-Secret: guessed")
					.status());
			}
			assertThat(responses).endsWith(429, 429, 429);
		});
		atEachEntryPoint("guessing 15 passwords at once", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			List<Response> responses = concurrently(15,
					() -> logIn(entryPoint, owner.email(), "wrong-" + UUID.randomUUID(), "127.0.0.69"));
			assertThat(responses).extracting(Response::status).isSubsetOf(401, 429, 503, 504).contains(401);
			assertThat(responses.stream().filter((response) -> response.status() == 401))
				.hasSizeLessThanOrEqualTo(ALLOWED_FAILURES);
		});
	}

	private void tokenReuse() {
		atEachEntryPoint("using a refresh token twice", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			Response first = refresh(entryPoint, owner.refreshToken());
			assertThat(first.status()).isEqualTo(200);
			Response second = refresh(entryPoint, owner.refreshToken());
			assertThat(second.status() + second.code()).isEqualTo("401REFRESH_TOKEN_REUSED");
			Response thief = refresh(entryPoint, first.json().path("refreshToken").asString());
			assertThat(thief.status() + thief.code()).as("the family has ended").isEqualTo("401INVALID_REFRESH_TOKEN");
		});
		atEachEntryPoint("using a refresh token ten times at once", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			List<Response> responses = concurrently(10, () -> refresh(entryPoint, owner.refreshToken()));
			List<Response> taken = responses.stream().filter((response) -> response.status() == 200).toList();
			assertThat(taken).hasSizeLessThanOrEqualTo(1);
			assertThat(responses).filteredOn((response) -> response.status() != 200)
				.allSatisfy((response) -> assertThat(response.status()).isEqualTo(401));
			for (Response response : taken) {
				assertThat(refresh(entryPoint, response.json().path("refreshToken").asString()).status())
					.isEqualTo(401);
			}
		});
		atEachEntryPoint("hiding a stolen refresh token behind many refreshes", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			int before = tokensOf(owner.id());
			String thiefs = owner.refreshToken();
			for (int i = 0; i < 15; i++) {
				Response refreshed = refresh(entryPoint, thiefs);
				assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
				thiefs = refreshed.json().path("refreshToken").asString();
			}
			assertThat(tokensOf(owner.id())).as("the number of stored tokens").isEqualTo(before);
			Response owners = refresh(entryPoint, owner.refreshToken());
			assertThat(owners.status() + owners.code()).isEqualTo("401REFRESH_TOKEN_REUSED");
			Response thief = refresh(entryPoint, thiefs);
			assertThat(thief.status() + thief.code()).as("the family has ended").isEqualTo("401INVALID_REFRESH_TOKEN");
		});
		atEachEntryPoint("using a refresh token after logging out", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			Request end = Request.delete("/api/v1/sessions/current")
				.json("{\"refreshToken\": \"" + owner.refreshToken() + "\"}")
				.bearer(owner.token());
			assertThat(RawConnection.exchange(this.scenario.platform().url(entryPoint), end, null).status())
				.isEqualTo(204);
			Response response = refresh(entryPoint, owner.refreshToken());
			assertThat(response.status() + response.code()).isEqualTo("401INVALID_REFRESH_TOKEN");
		});
	}

	private void forms() {
		String refresh = "/api/v1/sessions/refresh";
		refused("an unknown refresh token", refresh, "{\"refreshToken\": \"" + "x".repeat(86) + "\"}", 401,
				"INVALID_REFRESH_TOKEN");
		refused("an empty refresh token", refresh, "{\"refreshToken\": \"\"}", 401, "INVALID_REFRESH_TOKEN");
		refused("an access token as refresh token", refresh,
				"{\"refreshToken\": \"" + this.scenario.admin().token() + "\"}", 422, "VALIDATION_FAILED");
		refused("SQL as refresh token", refresh, "{\"refreshToken\": \"' OR '1'='1\"}", 401, "INVALID_REFRESH_TOKEN");
		refused("a list of refresh tokens", refresh, "{\"refreshToken\": [\"a\", \"b\"]}", 400, "WRONG_TYPE");
		String sessions = "/api/v1/sessions";
		refused("a password that is true", sessions, "{\"email\": \"admin@sagamart.example\", \"password\": true}", 400,
				"WRONG_TYPE");
		refused("a password that is an operator", sessions,
				"{\"email\": \"admin@sagamart.example\", \"password\": {\"$ne\": null}}", 400, "WRONG_TYPE");
		refused("many passwords", sessions,
				"{\"email\": \"admin@sagamart.example\", \"password\": [\"a\", \"admin-demo-password\"]}", 400,
				"WRONG_TYPE");
		refused("no password", sessions, "{\"email\": \"admin@sagamart.example\"}", 422, "VALIDATION_FAILED");
		refused("a password that is null", sessions, "{\"email\": \"admin@sagamart.example\", \"password\": null}", 422,
				"VALIDATION_FAILED");
		refused("an empty password", sessions, credentials("bob@sagamart.example", ""), 401, "BAD_CREDENTIALS");
		refused("SQL as email", sessions, credentials("' OR 1=1 --@sagamart.example", "x"), 401, "BAD_CREDENTIALS");
		refused("a password of 257 characters", sessions, credentials("bob@sagamart.example", "x".repeat(257)), 422,
				"VALIDATION_FAILED");
		refused("a password with NUL", sessions, credentials("bob@sagamart.example", "bob-demo-password\\u0000"), 422,
				"VALIDATION_FAILED");
	}

	private void refused(String name, String path, String json, int status, String code) {
		this.attacks.add(attack("logging in with " + name).send(Parts.USER_SERVICE, Request.post(path, json))
			.refused(status, code));
	}

	private void atEachEntryPoint(String name, Step step) {
		for (PartName entryPoint : ENTRY_POINTS) {
			this.attacks.add(attack(name + ", at " + entryPoint.text(), () -> step.at(entryPoint)));
		}
	}

	private int tokensOf(UUID user) throws SQLException {
		try (Connection database = this.scenario.platform().database();
				PreparedStatement query = database.prepareStatement("SELECT count(*) FROM users.refresh_token t"
						+ " JOIN users.session s ON s.id = t.session_id WHERE s.user_id = ?")) {
			query.setObject(1, user);
			try (ResultSet row = query.executeQuery()) {
				row.next();
				return row.getInt(1);
			}
		}
	}

	private Response refresh(PartName entryPoint, String token) {
		return ask(entryPoint, "/api/v1/sessions/refresh", "{\"refreshToken\": \"" + token + "\"}", null);
	}

	private Response logIn(PartName entryPoint, String email, String password, @Nullable String from) {
		return ask(entryPoint, "/api/v1/sessions", credentials(email, password), from);
	}

	private Response ask(PartName entryPoint, String path, String json, @Nullable String from, String... lines) {
		Request request = Request.post(path, json);
		for (String line : lines) {
			request = request.line(line);
		}
		return RawConnection.exchange(this.scenario.platform().url(entryPoint), request, from);
	}

	private static String credentials(String email, String password) {
		return "{\"email\": \"" + email + "\", \"password\": \"" + password + "\"}";
	}

	private static List<Response> concurrently(int times, Supplier<Response> call) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Response>> calls = Stream.<Callable<Response>>generate(() -> call::get).limit(times).toList();
			List<Response> responses = new ArrayList<>();
			for (Future<Response> response : threads.invokeAll(calls)) {
				responses.add(response.get());
			}
			return responses;
		}
	}

	@FunctionalInterface
	private interface Step {

		void at(PartName entryPoint) throws Exception;

	}

}
