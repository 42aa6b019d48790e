package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.attack.Scene.Account;
import dev.sagamart.e2e.client.AuthenticatorApp;
import dev.sagamart.local.PartName;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Getting past a second factor with somebody's password, with a stolen token, or with a
 * code that was seen; and making one's own of somebody's account. That an ADMIN needs one
 * is tried in user-service, because the demo has it off.
 */
final class SecondFactorAttacks {

	private static final List<PartName> DOORS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private static final String OWN = "/api/v1/users/me/second-factor";

	private static final String SESSIONS = "/api/v1/sessions";

	/** Wrong codes of an account in a quarter of an hour. */
	private static final int ALLOWED_FAILURES = 10;

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private SecondFactorAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		SecondFactorAttacks all = new SecondFactorAttacks(scene);
		all.loggingIn();
		all.usingCodesTwice();
		all.guessing();
		all.stolenTokens();
		all.enrolling();
		all.removing();
		return all.attacks;
	}

	/** Somebody with a second factor, whose sessions of before have ended. */
	private record Enrolled(Account account, AuthenticatorApp app) {
	}

	private void loggingIn() {
		atEachDoor("logging in with the password alone", (door) -> {
			Enrolled owner = enrolled();
			for (String more : List.of("", ", \"code\": \"\"", ", \"code\": \" \"", ", \"code\": null")) {
				Answer answer = ask(door, Request.post(SESSIONS, credentials(owner.account(), more)), null);
				assertThat(answer.status() + answer.code()).as(more).isEqualTo("401SECOND_FACTOR_REQUIRED");
			}
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachDoor("logging in with a wrong code", (door) -> {
			Enrolled owner = enrolled();
			assertRefused(logIn(door, owner, owner.app().wrongCode()));
			assertRefused(logIn(door, owner, owner.app().code() + "0"));
			assertRefused(logIn(door, owner, owner.app().codeIn(-5)));
			assertRefused(logIn(door, owner, owner.app().secret()));
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachDoor("logging in with a code of another account", (door) -> {
			Enrolled owner = enrolled();
			Enrolled attacker = enrolled();
			assertRefused(logIn(door, owner, attacker.app().codeIn(1)));
			assertRefused(logIn(door, owner, attacker.app().recoveryCodes().getFirst()));
			assertThat(sessionsOf(owner)).isZero();
			assertThat(logIn(door, attacker, attacker.app().codeIn(1)).status()).as("its own").isEqualTo(201);
		});
		atEachDoor("finding out who has a second factor", (door) -> {
			Enrolled owner = enrolled();
			Account other = Scene.newAccount(this.scene.platform().api());
			List<String> answers = Stream.of(owner.account().email(), other.email(), "nobody@sagamart.example")
				.map((email) -> Answer.withoutIds(ask(door,
						Request.post(SESSIONS,
								"""
										{"email": "%s", "password": "not-the-password", "code": "%s"}"""
									.formatted(email, owner.app().codeIn(1))),
						null)))
				.toList();
			assertThat(answers).containsOnly(answers.getFirst());
			assertThat(answers.getFirst()).contains("BAD_CREDENTIALS");
		});
		for (PartName door : DOORS) {
			this.attacks.add(attack("logging in on the login page with the password alone, at " + door.text(), () -> {
				Enrolled owner = enrolled();
				try (Browser browser = new Browser(this.scene.platform().url(door))) {
					for (String code : List.of("", owner.app().wrongCode())) {
						HttpResponse<String> page = browser.submit(authorization(), owner.account().email(),
								owner.account().password(), code);
						assertThat(page.statusCode()).isEqualTo(401);
						assertThat(page.body()).contains("<details open>");
						assertThat(page.headers().allValues("Set-Cookie"))
							.noneMatch((cookie) -> cookie.contains("login="));
					}
				}
				assertThat(count("SELECT count(*) FROM users.login WHERE user_id = ?", owner)).isZero();
			}));
		}
		refused("logging in with a code that is a number",
				Request.post(SESSIONS, credentials(this.scene.victim(), ", \"code\": 123456")), 400, "WRONG_TYPE");
		refused("logging in with a list of codes",
				Request.post(SESSIONS, credentials(this.scene.victim(), ", \"code\": [\"000000\", \"000001\"]")), 400,
				"WRONG_TYPE");
		refused("logging in with a code of 65 characters",
				Request.post(SESSIONS, credentials(this.scene.victim(), ", \"code\": \"" + "1".repeat(65) + "\"")), 422,
				"VALIDATION_FAILED");
	}

	private void usingCodesTwice() {
		atEachDoor("logging in with a code that was seen", (door) -> {
			Enrolled owner = enrolled();
			String seen = owner.app().codeIn(1);
			assertThat(logIn(door, owner, seen).status()).isEqualTo(201);
			assertRefused(logIn(door, owner, seen));
			assertRefused(logIn(door, owner, seen.substring(0, 3) + " " + seen.substring(3)));
			assertThat(sessionsOf(owner)).isEqualTo(1);
		});
		atEachDoor("logging in with the code of the enrolment", (door) -> {
			Account account = Scene.newAccount(this.scene.platform().api());
			AuthenticatorApp app = AuthenticatorApp.begin(account.session(), account.password());
			String first = app.code();
			account.session().put(OWN, Map.of("code", first)).expect(200);
			assertRefused(logIn(door, new Enrolled(account, app), first));
		});
		atEachDoor("logging in with a code that is older than the last", (door) -> {
			Enrolled owner = enrolled();
			update("UPDATE users.second_factor SET last_step = last_step - 100 WHERE user_id = ?", owner);
			String older = owner.app().code();
			assertThat(logIn(door, owner, owner.app().codeIn(1)).status()).isEqualTo(201);
			assertRefused(logIn(door, owner, older));
		});
		atEachDoor("logging in with a recovery code twice", (door) -> {
			Enrolled owner = enrolled();
			String code = owner.app().recoveryCodes().getFirst();
			assertThat(logIn(door, owner, code).status()).isEqualTo(201);
			assertRefused(logIn(door, owner, code));
			assertRefused(logIn(door, owner, code.replace("-", "").toLowerCase(java.util.Locale.ROOT)));
			assertThat(sessionsOf(owner)).isEqualTo(1);
		});
		atEachDoor("logging in with one code nine times at once", (door) -> {
			Enrolled owner = enrolled();
			String code = owner.app().codeIn(1);
			assertOneGotIn(atOnce(ALLOWED_FAILURES - 1, () -> logIn(door, owner, code)), owner, 1);
			String recovery = owner.app().recoveryCodes().getFirst();
			assertOneGotIn(atOnce(ALLOWED_FAILURES - 1, () -> logIn(door, owner, recovery)), owner, 2);
		});
	}

	private void guessing() {
		atEachDoor("guessing codes from many addresses", (door) -> {
			Enrolled owner = enrolled();
			List<Answer> answers = new ArrayList<>();
			for (int i = 0; i < ALLOWED_FAILURES + 3; i++) {
				answers.add(
						ask(door, Request.post(SESSIONS, withCode(owner, owner.app().wrongCode())), Wire.newAddress()));
			}
			assertThat(answers.subList(0, ALLOWED_FAILURES)).extracting(Answer::code).containsOnly("WRONG_CODE");
			assertThat(answers.subList(ALLOWED_FAILURES, answers.size())).extracting(Answer::code)
				.containsOnly("TOO_MANY_FAILED_LOGINS");
			Answer right = ask(door, Request.post(SESSIONS, withCode(owner, owner.app().codeIn(1))), Wire.newAddress());
			assertThat(right.status()).as("the right code").isEqualTo(429);
			assertThat(right.header("Retry-After")).matches("[1-9]\\d*");
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachDoor("guessing 15 codes at once", (door) -> {
			Enrolled owner = enrolled();
			String wrong = owner.app().wrongCode();
			List<Answer> answers = atOnce(15, () -> logIn(door, owner, wrong));
			assertThat(answers).extracting(Answer::status).isSubsetOf(401, 429, 503, 504).contains(401);
			assertThat(answers.stream().filter((answer) -> answer.status() == 401))
				.hasSizeLessThanOrEqualTo(ALLOWED_FAILURES);
		});
		atEachDoor("keeping somebody out by wrong codes without their password", (door) -> {
			Enrolled owner = enrolled();
			for (int i = 0; i < ALLOWED_FAILURES + 2; i++) {
				ask(door, Request.post(SESSIONS, """
						{"email": "%s", "password": "not-the-password", "code": "000000"}"""
					.formatted(owner.account().email())), Wire.newAddress());
			}
			assertThat(logIn(door, owner, owner.app().codeIn(1)).status()).isEqualTo(201);
		});
	}

	private void stolenTokens() {
		atEachDoor("going on with a refresh token that was stolen before the second factor", (door) -> {
			Enrolled owner = enrolled();
			Answer answer = ask(door, Request.post("/api/v1/sessions/refresh",
					"{\"refreshToken\": \"" + owner.account().refreshToken() + "\"}"), null);
			assertThat(answer.status() + answer.code()).isEqualTo("401INVALID_REFRESH_TOKEN");
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachDoor("going on with an access token that was stolen before the second factor", (door) -> {
			Enrolled owner = enrolled();
			for (Request request : List.of(Request.get(OWN), Request.get("/api/v1/users/me"),
					Request.post(OWN, "{\"password\": \"" + owner.account().password() + "\"}"))) {
				Answer answer = ask(door, request.bearer(owner.account().token()), null);
				assertThat(answer.status() + answer.code()).as(request.method()).isEqualTo("401INVALID_TOKEN");
			}
		});
		atEachDoor("guessing the first code of somebody who is about to enrol", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			AuthenticatorApp app = AuthenticatorApp.begin(owner.session(), owner.password());
			List<String> answers = Stream.generate(() -> confirm(door, owner, app.wrongCode()))
				.limit(ALLOWED_FAILURES + 2)
				.map((answer) -> answer.status() + answer.code())
				.toList();
			assertThat(answers.subList(0, ALLOWED_FAILURES)).containsOnly("422WRONG_CODE");
			assertThat(answers.subList(ALLOWED_FAILURES, answers.size())).containsOnly("429TOO_MANY_FAILED_LOGINS");
			assertThat(confirm(door, owner, app.code()).status()).as("the right one").isEqualTo(429);
			assertThat(enrolments(owner)).isZero();
		});
	}

	private void enrolling() {
		atEachDoor("putting a second factor of one's own in the place of somebody's", (door) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(door, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String before = row(owner);
			Answer answer = ask(door,
					Request.post(OWN, "{\"password\": \"" + owner.account().password() + "\"}").bearer(stolen), null);
			assertThat(answer.status() + answer.code()).isEqualTo("409SECOND_FACTOR_EXISTS");
			Answer confirmed = ask(door, Request.put(OWN, "{\"code\": \"000000\"}").bearer(stolen), null);
			assertThat(confirmed.status() + confirmed.code()).isEqualTo("422WRONG_CODE");
			assertThat(row(owner)).isEqualTo(before);
		});
		atEachDoor("enrolling with a secret that has waited for too long", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			AuthenticatorApp app = AuthenticatorApp.begin(owner.session(), owner.password());
			update("UPDATE users.second_factor SET wanted_at = wanted_at - interval '10 minutes' WHERE user_id = ?",
					new Enrolled(owner, app));
			assertThat(confirm(door, owner, app.code()).code()).isEqualTo("WRONG_CODE");
			assertThat(enrolments(owner)).isZero();
		});
		atEachDoor("enrolling with a secret that another has replaced", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			AuthenticatorApp attackers = AuthenticatorApp.begin(owner.session(), owner.password());
			AuthenticatorApp.begin(owner.session(), owner.password());
			assertThat(confirm(door, owner, attackers.code()).code()).isEqualTo("WRONG_CODE");
			assertThat(enrolments(owner)).isZero();
		});
		refused("enrolling without a token", Request.post(OWN, "{\"password\": \"a-password\"}"), 401,
				"UNAUTHENTICATED");
		asAttacker("enrolling without a password", Request.post(OWN, "{}"), 422, "VALIDATION_FAILED");
		asAttacker("enrolling with a wrong password", Request.post(OWN, "{\"password\": \"not-mine\"}"), 401,
				"BAD_CREDENTIALS");
		asAttacker("enrolling somebody else", Request.post(OWN, "{\"password\": \"" + this.scene.attacker().password()
				+ "\", \"userId\": \"" + this.scene.victim().id() + "\"}"), 422, "VALIDATION_FAILED");
		asAttacker("enrolling with a secret of one's own",
				Request
					.post(OWN,
							"{\"password\": \"" + this.scene.attacker().password()
									+ "\", \"secret\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"),
				422, "VALIDATION_FAILED");
		asAttacker("giving a first code where none is waited for", Request.put(OWN, "{\"code\": \"000000\"}"), 422,
				"WRONG_CODE");
		asAttacker("giving a list of first codes", Request.put(OWN, "{\"code\": [\"000000\", \"000001\"]}"), 400,
				"WRONG_TYPE");
		refused("looking at a second factor without a token", Request.get(OWN), 401, "UNAUTHENTICATED");
		this.attacks.add(attack("enrolling with a service's token")
			.send(Parts.USER_SERVICE,
					Request.post(OWN, "{\"password\": \"x\"}").bearer(this.scene.platform().serviceToken()))
			.refused(403, "ACCESS_DENIED"));
	}

	private void removing() {
		atEachDoor("removing a second factor without a code", (door) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(door, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String password = owner.account().password();
			for (String body : List.of("{}", "{\"password\": \"" + password + "\"}",
					"{\"password\": \"" + password + "\", \"code\": null}")) {
				assertThat(remove(door, stolen, body).code()).as(body).isEqualTo("VALIDATION_FAILED");
			}
			for (String code : List.of("", owner.app().wrongCode(), owner.app().codeIn(-5))) {
				Answer answer = remove(door, stolen, both(password, code));
				assertThat(answer.status() + answer.code()).as(code).isEqualTo("401WRONG_CODE");
			}
			assertThat(enrolments(owner.account())).isEqualTo(1);
		});
		atEachDoor("removing a second factor with a code and without the password", (door) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(door, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String code = owner.app().recoveryCodes().getFirst();
			Answer answer = remove(door, stolen, both("not-the-password", code));
			assertThat(answer.status() + answer.code()).isEqualTo("401BAD_CREDENTIALS");
			assertThat(enrolments(owner.account())).isEqualTo(1);
			assertThat(logIn(door, owner, code).status()).as("the code was not used up").isEqualTo(201);
		});
		atEachDoor("removing a second factor by guessing codes", (door) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(door, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String wrong = both(owner.account().password(), owner.app().wrongCode());
			List<Integer> answers = Stream.generate(() -> remove(door, stolen, wrong).status())
				.limit(ALLOWED_FAILURES + 2)
				.toList();
			assertThat(answers).startsWith(401).endsWith(429, 429).containsOnly(401, 429);
			assertThat(remove(door, stolen, both(owner.account().password(), owner.app().recoveryCodes().getFirst()))
				.status()).isEqualTo(429);
			assertThat(enrolments(owner.account())).isEqualTo(1);
		});
		atEachDoor("removing somebody's second factor without being an administrator", (door) -> {
			Enrolled owner = enrolled();
			Request request = Request.delete("/api/v1/users/" + owner.account().id() + "/second-factor");
			Answer attackers = ask(door, request.bearer(this.scene.attacker().token()), null);
			assertThat(attackers.status() + attackers.code()).isEqualTo("403ACCESS_DENIED");
			Answer nobodys = ask(door, request, null);
			assertThat(nobodys.status() + nobodys.code()).isEqualTo("401UNAUTHENTICATED");
			assertThat(enrolments(owner.account())).isEqualTo(1);
		});
		asAttacker("removing a second factor that one has not",
				Request.delete(OWN).json(both(this.scene.attacker().password(), "000000")), 404, "NOT_FOUND");
		refused("removing a second factor without a token", Request.delete(OWN).json(both("x", "000000")), 401,
				"UNAUTHENTICATED");
		this.attacks.add(
				attack("removing the second factor of somebody who is not there")
					.send(Parts.USER_SERVICE,
							Request.delete("/api/v1/users/" + UUID.randomUUID() + "/second-factor")
								.bearer(this.scene.admin().token()))
					.refused(404, "NOT_FOUND"));
	}

	private Enrolled enrolled() {
		Account account = Scene.newAccount(this.scene.platform().api());
		return new Enrolled(account, AuthenticatorApp.enrol(account.session(), account.password()));
	}

	private void refused(String name, Request request, int status, String code) {
		this.attacks.add(attack(name).send(Parts.USER_SERVICE, request).refused(status, code));
	}

	private void asAttacker(String name, Request request, int status, String code) {
		refused(name, request.bearer(this.scene.attacker().token()), status, code);
	}

	private void atEachDoor(String name, Step step) {
		for (PartName door : DOORS) {
			this.attacks.add(attack(name + ", at " + door.text(), () -> step.at(door)));
		}
	}

	private static void assertRefused(Answer answer) {
		assertThat(answer.status() + answer.code()).isEqualTo("401WRONG_CODE");
	}

	/** One at most, for the others may have been too many for a busy machine. */
	private void assertOneGotIn(List<Answer> answers, Enrolled owner, int sessions) throws SQLException {
		assertThat(answers).extracting(Answer::status).isSubsetOf(201, 401, 503, 504);
		assertThat(answers.stream().filter((answer) -> answer.status() == 201)).hasSizeLessThanOrEqualTo(1);
		assertThat(sessionsOf(owner)).isLessThanOrEqualTo(sessions);
	}

	private Answer logIn(PartName door, Enrolled owner, String code) {
		return ask(door, Request.post(SESSIONS, withCode(owner, code)), null);
	}

	private Answer confirm(PartName door, Account account, String code) {
		return ask(door, Request.put(OWN, "{\"code\": \"" + code + "\"}").bearer(account.token()), null);
	}

	private Answer remove(PartName door, String token, String body) {
		return ask(door, Request.delete(OWN).json(body).bearer(token), null);
	}

	private Answer ask(PartName door, Request request, @Nullable String from) {
		return Wire.ask(this.scene.platform().url(door), request, from);
	}

	private static String withCode(Enrolled owner, String code) {
		return credentials(owner.account(), ", \"code\": \"" + code + "\"");
	}

	private static String credentials(Account account, String more) {
		return "{\"email\": \"" + account.email() + "\", \"password\": \"" + account.password() + "\"" + more + "}";
	}

	private static String both(String password, String code) {
		return "{\"password\": \"" + password + "\", \"code\": \"" + code + "\"}";
	}

	private static Map<String, String> authorization() {
		return new LinkedHashMap<>(Map.of("response_type", "code", "client_id", "sagamart-web", "redirect_uri",
				"http://127.0.0.1:49152/callback", "scope", "openid", "code_challenge", "x".repeat(43),
				"code_challenge_method", "S256"));
	}

	private int sessionsOf(Enrolled owner) throws SQLException {
		return count("SELECT count(*) FROM users.session WHERE user_id = ?", owner);
	}

	private int enrolments(Account account) throws SQLException {
		return Integer
			.parseInt(select("SELECT count(*) FROM users.second_factor WHERE enrolled_at IS NOT NULL AND user_id = ?",
					account.id()));
	}

	private String row(Enrolled owner) throws SQLException {
		return select("SELECT encode(secret, 'hex') || enrolled_at || recovery_codes::text FROM users.second_factor"
				+ " WHERE user_id = ?", owner.account().id());
	}

	private int count(String query, Enrolled owner) throws SQLException {
		return Integer.parseInt(select(query, owner.account().id()));
	}

	private String select(String sql, UUID user) throws SQLException {
		try (Connection database = this.scene.platform().database();
				PreparedStatement query = database.prepareStatement(sql)) {
			query.setObject(1, user);
			try (ResultSet row = query.executeQuery()) {
				row.next();
				return row.getString(1);
			}
		}
	}

	private void update(String sql, Enrolled owner) throws SQLException {
		try (Connection database = this.scene.platform().database();
				PreparedStatement update = database.prepareStatement(sql)) {
			update.setObject(1, owner.account().id());
			assertThat(update.executeUpdate()).isEqualTo(1);
		}
	}

	private static List<Answer> atOnce(int times, Callable<Answer> call) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Answer> answers = new ArrayList<>();
			for (Future<Answer> answer : threads.invokeAll(Stream.generate(() -> call).limit(times).toList())) {
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
