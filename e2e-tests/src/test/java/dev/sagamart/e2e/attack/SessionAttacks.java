package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.attack.Scene.Account;
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

/** Guessing passwords, telling accounts apart, and using refresh tokens twice. */
final class SessionAttacks {

	/** Failed log-ins to an account from an address in a quarter of an hour. */
	private static final int ALLOWED_FAILURES = 10;

	private static final List<PartName> DOORS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private SessionAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		SessionAttacks all = new SessionAttacks(scene);
		all.tellingAccountsApart();
		all.guessing();
		all.usingTokensTwice();
		all.forms();
		return all.attacks;
	}

	private void tellingAccountsApart() {
		atEachDoor("finding out who has an account", (door) -> {
			Answer known = logIn(door, this.scene.victim().email(), "not-the-password", null);
			Answer unknown = logIn(door, "nobody-" + UUID.randomUUID() + "@sagamart.example", "not-the-password", null);
			Answer none = logIn(door, "not an email", "not-the-password", null);
			assertThat(known.status() + known.code()).isEqualTo("401BAD_CREDENTIALS");
			for (Answer other : List.of(unknown, none)) {
				assertThat(Answer.withoutIds(other)).isEqualTo(Answer.withoutIds(known));
			}
		});
		atEachDoor("finding out who had an account", (door) -> {
			Account erased = Scene.newAccount(this.scene.platform().api());
			erased.session().delete("/api/v1/users/me").expect(204);
			Answer answer = logIn(door, erased.email(), erased.password(), null);
			assertThat(answer.status() + answer.code()).isEqualTo("401BAD_CREDENTIALS");
			assertThat(refresh(door, erased.refreshToken()).status()).isEqualTo(401);
		});
	}

	private void guessing() {
		atEachDoor("guessing a password", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			List<Integer> answers = Stream
				.generate(() -> logIn(door, owner.email(), "a wrong password", "127.0.0.66").status())
				.limit(ALLOWED_FAILURES + 3)
				.toList();
			assertThat(answers).startsWith(401).endsWith(429, 429, 429).containsOnly(401, 429);
			assertThat(answers.stream().filter((status) -> status == 401)).hasSizeLessThanOrEqualTo(ALLOWED_FAILURES);
			Answer right = logIn(door, owner.email(), owner.password(), "127.0.0.66");
			assertThat(right.status()).as("the right password from there").isEqualTo(429);
			assertThat(right.header("Retry-After")).matches("[1-9]\\d*");
			assumeTrue(this.scene.platform().tellsClientsApart(), "Nobody is elsewhere if all come from one address");
			assertThat(logIn(door, owner.email(), owner.password(), "127.0.0.67").status())
				.as("the owner from elsewhere")
				.isEqualTo(201);
		});
		atEachDoor("guessing a password under many addresses", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			List<Integer> answers = new ArrayList<>();
			for (int i = 0; i < ALLOWED_FAILURES + 3; i++) {
				answers.add(ask(door, "/api/v1/sessions", credentials(owner.email(), "a wrong password"), "127.0.0.68",
						"X-Forwarded-For: 10.0.0." + i, "X-Real-IP: 10.0.1." + i, "Forwarded: for=10.0.2." + i,
						"X-Edge-Secret: guessed")
					.status());
			}
			assertThat(answers).endsWith(429, 429, 429);
		});
		atEachDoor("guessing 15 passwords at once", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			List<Answer> answers = atOnce(15,
					() -> logIn(door, owner.email(), "wrong-" + UUID.randomUUID(), "127.0.0.69"));
			assertThat(answers).extracting(Answer::status).isSubsetOf(401, 429, 503, 504).contains(401);
			assertThat(answers.stream().filter((answer) -> answer.status() == 401))
				.hasSizeLessThanOrEqualTo(ALLOWED_FAILURES);
		});
	}

	private void usingTokensTwice() {
		atEachDoor("using a refresh token twice", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			Answer first = refresh(door, owner.refreshToken());
			assertThat(first.status()).isEqualTo(200);
			Answer second = refresh(door, owner.refreshToken());
			assertThat(second.status() + second.code()).isEqualTo("401REFRESH_TOKEN_REUSED");
			Answer thief = refresh(door, first.json().path("refreshToken").asString());
			assertThat(thief.status() + thief.code()).as("the family has ended").isEqualTo("401INVALID_REFRESH_TOKEN");
		});
		atEachDoor("using a refresh token ten times at once", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			List<Answer> answers = atOnce(10, () -> refresh(door, owner.refreshToken()));
			List<Answer> taken = answers.stream().filter((answer) -> answer.status() == 200).toList();
			assertThat(taken).hasSizeLessThanOrEqualTo(1);
			assertThat(answers).filteredOn((answer) -> answer.status() != 200)
				.allSatisfy((answer) -> assertThat(answer.status()).isEqualTo(401));
			for (Answer answer : taken) {
				assertThat(refresh(door, answer.json().path("refreshToken").asString()).status()).isEqualTo(401);
			}
		});
		atEachDoor("hiding a stolen refresh token behind many refreshes", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			int before = tokensOf(owner.id());
			String thiefs = owner.refreshToken();
			for (int i = 0; i < 15; i++) {
				Answer refreshed = refresh(door, thiefs);
				assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
				thiefs = refreshed.json().path("refreshToken").asString();
			}
			assertThat(tokensOf(owner.id())).as("what fills the table").isEqualTo(before);
			Answer owners = refresh(door, owner.refreshToken());
			assertThat(owners.status() + owners.code()).isEqualTo("401REFRESH_TOKEN_REUSED");
			Answer thief = refresh(door, thiefs);
			assertThat(thief.status() + thief.code()).as("the family has ended").isEqualTo("401INVALID_REFRESH_TOKEN");
		});
		atEachDoor("using a refresh token after logging out", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			Request end = Request.delete("/api/v1/sessions/current")
				.json("{\"refreshToken\": \"" + owner.refreshToken() + "\"}")
				.bearer(owner.token());
			assertThat(Wire.ask(this.scene.platform().url(door), end, null).status()).isEqualTo(204);
			Answer answer = refresh(door, owner.refreshToken());
			assertThat(answer.status() + answer.code()).isEqualTo("401INVALID_REFRESH_TOKEN");
		});
	}

	private void forms() {
		String refresh = "/api/v1/sessions/refresh";
		refused("a refresh token that nobody has", refresh, "{\"refreshToken\": \"" + "x".repeat(86) + "\"}", 401,
				"INVALID_REFRESH_TOKEN");
		refused("an empty refresh token", refresh, "{\"refreshToken\": \"\"}", 401, "INVALID_REFRESH_TOKEN");
		refused("an access token as refresh token", refresh,
				"{\"refreshToken\": \"" + this.scene.admin().token() + "\"}", 422, "VALIDATION_FAILED");
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

	private void atEachDoor(String name, Step step) {
		for (PartName door : DOORS) {
			this.attacks.add(attack(name + ", at " + door.text(), () -> step.at(door)));
		}
	}

	private int tokensOf(UUID user) throws SQLException {
		try (Connection database = this.scene.platform().database();
				PreparedStatement query = database.prepareStatement("SELECT count(*) FROM users.refresh_token t"
						+ " JOIN users.session s ON s.id = t.session_id WHERE s.user_id = ?")) {
			query.setObject(1, user);
			try (ResultSet row = query.executeQuery()) {
				row.next();
				return row.getInt(1);
			}
		}
	}

	private Answer refresh(PartName door, String token) {
		return ask(door, "/api/v1/sessions/refresh", "{\"refreshToken\": \"" + token + "\"}", null);
	}

	private Answer logIn(PartName door, String email, String password, @Nullable String from) {
		return ask(door, "/api/v1/sessions", credentials(email, password), from);
	}

	private Answer ask(PartName door, String path, String json, @Nullable String from, String... lines) {
		Request request = Request.post(path, json);
		for (String line : lines) {
			request = request.line(line);
		}
		return Wire.ask(this.scene.platform().url(door), request, from);
	}

	private static String credentials(String email, String password) {
		return "{\"email\": \"" + email + "\", \"password\": \"" + password + "\"}";
	}

	private static List<Answer> atOnce(int times, Supplier<Answer> call) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Answer>> calls = Stream.<Callable<Answer>>generate(() -> call::get).limit(times).toList();
			List<Answer> answers = new ArrayList<>();
			for (Future<Answer> answer : threads.invokeAll(calls)) {
				answers.add(answer.get());
			}
			return answers;
		}
	}

	@FunctionalInterface
	private interface Step {

		void at(PartName door) throws Exception;

	}

}
