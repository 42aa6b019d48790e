package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.attack.Scenario.Account;
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
 * Bypassing a second factor with a known password, a stolen token or an observed code,
 * and taking over an account by enrolling a factor. That an ADMIN needs one is tested in
 * user-service, because the demo switches it off.
 */
final class SecondFactorAttacks {

	private static final List<PartName> ENTRY_POINTS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private static final String OWN = "/api/v1/users/me/second-factor";

	private static final String SESSIONS = "/api/v1/sessions";

	/** The limit of wrong codes per account and quarter of an hour. */
	private static final int ALLOWED_FAILURES = 10;

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	private SecondFactorAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario) {
		SecondFactorAttacks all = new SecondFactorAttacks(scenario);
		all.loggingIn();
		all.codeReuse();
		all.guessing();
		all.stolenTokens();
		all.enrolling();
		all.removing();
		return all.attacks;
	}

	/** An account with a second factor; its earlier sessions have ended. */
	private record Enrolled(Account account, AuthenticatorApp app) {
	}

	private void loggingIn() {
		atEachEntryPoint("logging in with the password alone", (entryPoint) -> {
			Enrolled owner = enrolled();
			for (String more : List.of("", ", \"code\": \"\"", ", \"code\": \" \"", ", \"code\": null")) {
				Response response = ask(entryPoint, Request.post(SESSIONS, credentials(owner.account(), more)), null);
				assertThat(response.status() + response.code()).as(more).isEqualTo("401SECOND_FACTOR_REQUIRED");
			}
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachEntryPoint("logging in with a wrong code", (entryPoint) -> {
			Enrolled owner = enrolled();
			assertRefused(logIn(entryPoint, owner, owner.app().wrongCode()));
			assertRefused(logIn(entryPoint, owner, owner.app().code() + "0"));
			assertRefused(logIn(entryPoint, owner, owner.app().codeIn(-5)));
			assertRefused(logIn(entryPoint, owner, owner.app().secret()));
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachEntryPoint("logging in with a code of another account", (entryPoint) -> {
			Enrolled owner = enrolled();
			Enrolled attacker = enrolled();
			assertRefused(logIn(entryPoint, owner, attacker.app().codeIn(1)));
			assertRefused(logIn(entryPoint, owner, attacker.app().recoveryCodes().getFirst()));
			assertThat(sessionsOf(owner)).isZero();
			assertThat(logIn(entryPoint, attacker, attacker.app().codeIn(1)).status()).as("its own").isEqualTo(201);
		});
		atEachEntryPoint("finding out who has a second factor", (entryPoint) -> {
			Enrolled owner = enrolled();
			Account other = Scenario.newAccount(this.scenario.platform().api());
			List<String> responses = Stream.of(owner.account().email(), other.email(), "nobody@sagamart.example")
				.map((email) -> Response.withoutIds(ask(entryPoint,
						Request.post(SESSIONS,
								"""
										{"email": "%s", "password": "not-the-password", "code": "%s"}"""
									.formatted(email, owner.app().codeIn(1))),
						null)))
				.toList();
			assertThat(responses).containsOnly(responses.getFirst());
			assertThat(responses.getFirst()).contains("BAD_CREDENTIALS");
		});
		for (PartName entryPoint : ENTRY_POINTS) {
			this.attacks
				.add(attack("logging in on the login page with the password alone, at " + entryPoint.text(), () -> {
					Enrolled owner = enrolled();
					try (Browser browser = new Browser(this.scenario.platform().url(entryPoint))) {
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
				Request.post(SESSIONS, credentials(this.scenario.victim(), ", \"code\": 123456")), 400, "WRONG_TYPE");
		refused("logging in with a list of codes",
				Request.post(SESSIONS, credentials(this.scenario.victim(), ", \"code\": [\"000000\", \"000001\"]")),
				400, "WRONG_TYPE");
		refused("logging in with a code of 65 characters",
				Request.post(SESSIONS, credentials(this.scenario.victim(), ", \"code\": \"" + "1".repeat(65) + "\"")),
				422, "VALIDATION_FAILED");
	}

	private void codeReuse() {
		atEachEntryPoint("logging in with an observed code", (entryPoint) -> {
			Enrolled owner = enrolled();
			String seen = owner.app().codeIn(1);
			assertThat(logIn(entryPoint, owner, seen).status()).isEqualTo(201);
			assertRefused(logIn(entryPoint, owner, seen));
			assertRefused(logIn(entryPoint, owner, seen.substring(0, 3) + " " + seen.substring(3)));
			assertThat(sessionsOf(owner)).isEqualTo(1);
		});
		atEachEntryPoint("logging in with the code of the enrolment", (entryPoint) -> {
			Account account = Scenario.newAccount(this.scenario.platform().api());
			AuthenticatorApp app = AuthenticatorApp.begin(account.session(), account.password());
			String first = app.code();
			account.session().put(OWN, Map.of("code", first)).expect(200);
			assertRefused(logIn(entryPoint, new Enrolled(account, app), first));
		});
		atEachEntryPoint("logging in with a code that is older than the last", (entryPoint) -> {
			Enrolled owner = enrolled();
			update("UPDATE users.second_factor SET last_step = last_step - 100 WHERE user_id = ?", owner);
			String older = owner.app().code();
			assertThat(logIn(entryPoint, owner, owner.app().codeIn(1)).status()).isEqualTo(201);
			assertRefused(logIn(entryPoint, owner, older));
		});
		atEachEntryPoint("logging in with a recovery code twice", (entryPoint) -> {
			Enrolled owner = enrolled();
			String code = owner.app().recoveryCodes().getFirst();
			assertThat(logIn(entryPoint, owner, code).status()).isEqualTo(201);
			assertRefused(logIn(entryPoint, owner, code));
			assertRefused(logIn(entryPoint, owner, code.replace("-", "").toLowerCase(java.util.Locale.ROOT)));
			assertThat(sessionsOf(owner)).isEqualTo(1);
		});
		atEachEntryPoint("logging in with one code nine times at once", (entryPoint) -> {
			Enrolled owner = enrolled();
			String code = owner.app().codeIn(1);
			assertAtMostOneLogIn(concurrently(ALLOWED_FAILURES - 1, () -> logIn(entryPoint, owner, code)), owner, 1);
			String recovery = owner.app().recoveryCodes().getFirst();
			assertAtMostOneLogIn(concurrently(ALLOWED_FAILURES - 1, () -> logIn(entryPoint, owner, recovery)), owner,
					2);
		});
	}

	private void guessing() {
		atEachEntryPoint("guessing codes from many addresses", (entryPoint) -> {
			Enrolled owner = enrolled();
			List<Response> responses = new ArrayList<>();
			for (int i = 0; i < ALLOWED_FAILURES + 3; i++) {
				responses.add(ask(entryPoint, Request.post(SESSIONS, withCode(owner, owner.app().wrongCode())),
						RawConnection.newAddress()));
			}
			assertThat(responses.subList(0, ALLOWED_FAILURES)).extracting(Response::code).containsOnly("WRONG_CODE");
			assertThat(responses.subList(ALLOWED_FAILURES, responses.size())).extracting(Response::code)
				.containsOnly("TOO_MANY_FAILED_LOGINS");
			Response right = ask(entryPoint, Request.post(SESSIONS, withCode(owner, owner.app().codeIn(1))),
					RawConnection.newAddress());
			assertThat(right.status()).as("the right code").isEqualTo(429);
			assertThat(right.header("Retry-After")).matches("[1-9]\\d*");
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachEntryPoint("guessing 15 codes at once", (entryPoint) -> {
			Enrolled owner = enrolled();
			String wrong = owner.app().wrongCode();
			List<Response> responses = concurrently(15, () -> logIn(entryPoint, owner, wrong));
			assertThat(responses).extracting(Response::status).isSubsetOf(401, 429, 503, 504).contains(401);
			assertThat(responses.stream().filter((response) -> response.status() == 401))
				.hasSizeLessThanOrEqualTo(ALLOWED_FAILURES);
		});
		atEachEntryPoint("locking a user out with wrong codes and without the password", (entryPoint) -> {
			Enrolled owner = enrolled();
			for (int i = 0; i < ALLOWED_FAILURES + 2; i++) {
				ask(entryPoint, Request.post(SESSIONS, """
						{"email": "%s", "password": "not-the-password", "code": "000000"}"""
					.formatted(owner.account().email())), RawConnection.newAddress());
			}
			assertThat(logIn(entryPoint, owner, owner.app().codeIn(1)).status()).isEqualTo(201);
		});
	}

	private void stolenTokens() {
		atEachEntryPoint("using a refresh token that was stolen before the enrolment", (entryPoint) -> {
			Enrolled owner = enrolled();
			Response response = ask(entryPoint, Request.post("/api/v1/sessions/refresh",
					"{\"refreshToken\": \"" + owner.account().refreshToken() + "\"}"), null);
			assertThat(response.status() + response.code()).isEqualTo("401INVALID_REFRESH_TOKEN");
			assertThat(sessionsOf(owner)).isZero();
		});
		atEachEntryPoint("using an access token that was stolen before the enrolment", (entryPoint) -> {
			Enrolled owner = enrolled();
			for (Request request : List.of(Request.get(OWN), Request.get("/api/v1/users/me"),
					Request.post(OWN, "{\"password\": \"" + owner.account().password() + "\"}"))) {
				Response response = ask(entryPoint, request.bearer(owner.account().token()), null);
				assertThat(response.status() + response.code()).as(request.method()).isEqualTo("401INVALID_TOKEN");
			}
		});
		atEachEntryPoint("guessing the first code of an enrolment", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			AuthenticatorApp app = AuthenticatorApp.begin(owner.session(), owner.password());
			List<String> responses = Stream.generate(() -> confirm(entryPoint, owner, app.wrongCode()))
				.limit(ALLOWED_FAILURES + 2)
				.map((response) -> response.status() + response.code())
				.toList();
			assertThat(responses.subList(0, ALLOWED_FAILURES)).containsOnly("422WRONG_CODE");
			assertThat(responses.subList(ALLOWED_FAILURES, responses.size())).containsOnly("429TOO_MANY_FAILED_LOGINS");
			assertThat(confirm(entryPoint, owner, app.code()).status()).as("the right one").isEqualTo(429);
			assertThat(enrolments(owner)).isZero();
		});
	}

	private void enrolling() {
		atEachEntryPoint("replacing a user's second factor by one's own", (entryPoint) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(entryPoint, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String before = row(owner);
			Response response = ask(entryPoint,
					Request.post(OWN, "{\"password\": \"" + owner.account().password() + "\"}").bearer(stolen), null);
			assertThat(response.status() + response.code()).isEqualTo("409SECOND_FACTOR_EXISTS");
			Response confirmed = ask(entryPoint, Request.put(OWN, "{\"code\": \"000000\"}").bearer(stolen), null);
			assertThat(confirmed.status() + confirmed.code()).isEqualTo("422WRONG_CODE");
			assertThat(row(owner)).isEqualTo(before);
		});
		atEachEntryPoint("enrolling with an expired secret", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			AuthenticatorApp app = AuthenticatorApp.begin(owner.session(), owner.password());
			update("UPDATE users.second_factor SET wanted_at = wanted_at - interval '10 minutes' WHERE user_id = ?",
					new Enrolled(owner, app));
			assertThat(confirm(entryPoint, owner, app.code()).code()).isEqualTo("WRONG_CODE");
			assertThat(enrolments(owner)).isZero();
		});
		atEachEntryPoint("enrolling with a replaced secret", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			AuthenticatorApp attackers = AuthenticatorApp.begin(owner.session(), owner.password());
			AuthenticatorApp.begin(owner.session(), owner.password());
			assertThat(confirm(entryPoint, owner, attackers.code()).code()).isEqualTo("WRONG_CODE");
			assertThat(enrolments(owner)).isZero();
		});
		refused("enrolling without a token", Request.post(OWN, "{\"password\": \"a-password\"}"), 401,
				"UNAUTHENTICATED");
		asAttacker("enrolling without a password", Request.post(OWN, "{}"), 422, "VALIDATION_FAILED");
		asAttacker("enrolling with a wrong password", Request.post(OWN, "{\"password\": \"not-mine\"}"), 401,
				"BAD_CREDENTIALS");
		asAttacker("enrolling somebody else", Request.post(OWN, "{\"password\": \""
				+ this.scenario.attacker().password() + "\", \"userId\": \"" + this.scenario.victim().id() + "\"}"),
				422, "VALIDATION_FAILED");
		asAttacker("enrolling with a secret of one's own",
				Request
					.post(OWN,
							"{\"password\": \"" + this.scenario.attacker().password()
									+ "\", \"secret\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"),
				422, "VALIDATION_FAILED");
		asAttacker("confirming an enrolment that was not started", Request.put(OWN, "{\"code\": \"000000\"}"), 422,
				"WRONG_CODE");
		asAttacker("confirming an enrolment with a list of codes",
				Request.put(OWN, "{\"code\": [\"000000\", \"000001\"]}"), 400, "WRONG_TYPE");
		refused("looking at a second factor without a token", Request.get(OWN), 401, "UNAUTHENTICATED");
		this.attacks.add(attack("enrolling with a service's token")
			.send(Parts.USER_SERVICE,
					Request.post(OWN, "{\"password\": \"x\"}").bearer(this.scenario.platform().serviceToken()))
			.refused(403, "ACCESS_DENIED"));
	}

	private void removing() {
		atEachEntryPoint("removing a second factor without a code", (entryPoint) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(entryPoint, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String password = owner.account().password();
			for (String body : List.of("{}", "{\"password\": \"" + password + "\"}",
					"{\"password\": \"" + password + "\", \"code\": null}")) {
				assertThat(remove(entryPoint, stolen, body).code()).as(body).isEqualTo("VALIDATION_FAILED");
			}
			for (String code : List.of("", owner.app().wrongCode(), owner.app().codeIn(-5))) {
				Response response = remove(entryPoint, stolen, both(password, code));
				assertThat(response.status() + response.code()).as(code).isEqualTo("401WRONG_CODE");
			}
			assertThat(enrolments(owner.account())).isEqualTo(1);
		});
		atEachEntryPoint("removing a second factor with a code and without the password", (entryPoint) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(entryPoint, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String code = owner.app().recoveryCodes().getFirst();
			Response response = remove(entryPoint, stolen, both("not-the-password", code));
			assertThat(response.status() + response.code()).isEqualTo("401BAD_CREDENTIALS");
			assertThat(enrolments(owner.account())).isEqualTo(1);
			assertThat(logIn(entryPoint, owner, code).status()).as("the code was not used up").isEqualTo(201);
		});
		atEachEntryPoint("removing a second factor by guessing codes", (entryPoint) -> {
			Enrolled owner = enrolled();
			String stolen = logIn(entryPoint, owner, owner.app().codeIn(1)).json().path("accessToken").asString();
			String wrong = both(owner.account().password(), owner.app().wrongCode());
			List<Integer> responses = Stream.generate(() -> remove(entryPoint, stolen, wrong).status())
				.limit(ALLOWED_FAILURES + 2)
				.toList();
			assertThat(responses).startsWith(401).endsWith(429, 429).containsOnly(401, 429);
			assertThat(
					remove(entryPoint, stolen, both(owner.account().password(), owner.app().recoveryCodes().getFirst()))
						.status())
				.isEqualTo(429);
			assertThat(enrolments(owner.account())).isEqualTo(1);
		});
		atEachEntryPoint("removing somebody's second factor without being an administrator", (entryPoint) -> {
			Enrolled owner = enrolled();
			Request request = Request.delete("/api/v1/users/" + owner.account().id() + "/second-factor");
			Response attackers = ask(entryPoint, request.bearer(this.scenario.attacker().token()), null);
			assertThat(attackers.status() + attackers.code()).isEqualTo("403ACCESS_DENIED");
			Response nobodys = ask(entryPoint, request, null);
			assertThat(nobodys.status() + nobodys.code()).isEqualTo("401UNAUTHENTICATED");
			assertThat(enrolments(owner.account())).isEqualTo(1);
		});
		asAttacker("removing a second factor that does not exist",
				Request.delete(OWN).json(both(this.scenario.attacker().password(), "000000")), 404, "NOT_FOUND");
		refused("removing a second factor without a token", Request.delete(OWN).json(both("x", "000000")), 401,
				"UNAUTHENTICATED");
		this.attacks.add(
				attack("removing the second factor of an unknown user")
					.send(Parts.USER_SERVICE,
							Request.delete("/api/v1/users/" + UUID.randomUUID() + "/second-factor")
								.bearer(this.scenario.admin().token()))
					.refused(404, "NOT_FOUND"));
	}

	private Enrolled enrolled() {
		Account account = Scenario.newAccount(this.scenario.platform().api());
		return new Enrolled(account, AuthenticatorApp.enrol(account.session(), account.password()));
	}

	private void refused(String name, Request request, int status, String code) {
		this.attacks.add(attack(name).send(Parts.USER_SERVICE, request).refused(status, code));
	}

	private void asAttacker(String name, Request request, int status, String code) {
		refused(name, request.bearer(this.scenario.attacker().token()), status, code);
	}

	private void atEachEntryPoint(String name, Step step) {
		for (PartName entryPoint : ENTRY_POINTS) {
			this.attacks.add(attack(name + ", at " + entryPoint.text(), () -> step.at(entryPoint)));
		}
	}

	private static void assertRefused(Response response) {
		assertThat(response.status() + response.code()).isEqualTo("401WRONG_CODE");
	}

	/** At most one succeeds; a busy machine may answer all with 503. */
	private void assertAtMostOneLogIn(List<Response> responses, Enrolled owner, int sessions) throws SQLException {
		assertThat(responses).extracting(Response::status).isSubsetOf(201, 401, 503, 504);
		assertThat(responses.stream().filter((response) -> response.status() == 201)).hasSizeLessThanOrEqualTo(1);
		assertThat(sessionsOf(owner)).isLessThanOrEqualTo(sessions);
	}

	private Response logIn(PartName entryPoint, Enrolled owner, String code) {
		return ask(entryPoint, Request.post(SESSIONS, withCode(owner, code)), null);
	}

	private Response confirm(PartName entryPoint, Account account, String code) {
		return ask(entryPoint, Request.put(OWN, "{\"code\": \"" + code + "\"}").bearer(account.token()), null);
	}

	private Response remove(PartName entryPoint, String token, String body) {
		return ask(entryPoint, Request.delete(OWN).json(body).bearer(token), null);
	}

	private Response ask(PartName entryPoint, Request request, @Nullable String from) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint), request, from);
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
		try (Connection database = this.scenario.platform().database();
				PreparedStatement query = database.prepareStatement(sql)) {
			query.setObject(1, user);
			try (ResultSet row = query.executeQuery()) {
				row.next();
				return row.getString(1);
			}
		}
	}

	private void update(String sql, Enrolled owner) throws SQLException {
		try (Connection database = this.scenario.platform().database();
				PreparedStatement update = database.prepareStatement(sql)) {
			update.setObject(1, owner.account().id());
			assertThat(update.executeUpdate()).isEqualTo(1);
		}
	}

	private static List<Response> concurrently(int times, Callable<Response> call) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Response> responses = new ArrayList<>();
			for (Future<Response> response : threads.invokeAll(Stream.generate(() -> call).limit(times).toList())) {
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
