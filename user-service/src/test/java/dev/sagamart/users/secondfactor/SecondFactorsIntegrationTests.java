package dev.sagamart.users.secondfactor;

import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.SettableClock;
import dev.sagamart.users.AuthenticatorApp;
import dev.sagamart.users.UsersTest;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogInCheck;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.user.Accounts;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@PlatformTest
class SecondFactorsIntegrationTests extends UsersTest {

	private static final String ANN = "ann@example.com";

	private static final String OWN = "/api/v1/users/me/second-factor";

	@Autowired
	private StoredFactors stored;

	@Autowired
	private EntityManager entities;

	@Autowired
	private JdbcTemplate jdbcTemplate;

	@Autowired
	private PersonalData personalData;

	@Autowired
	private SecondFactors factors;

	@Autowired
	private Accounts accounts;

	@Autowired
	private LogInCheck logInCheck;

	@Autowired
	private Sessions sessions;

	@Autowired
	private ApplicationEventPublisher events;

	@Test
	void enrolsSomebodyWithTheFirstCode() {
		String ann = customer(ANN);
		assertThat(get(OWN, ann).response().body())
			.isEqualTo("{\"enrolled\":false,\"enrolledAt\":null,\"recoveryCodesLeft\":0}");
		Answer begun = begin(ann);
		assertThat(begun.status()).isEqualTo(201);
		assertThat(begun.header("Cache-Control")).contains("no-store");
		assertThat(begun.text("secret")).matches("[A-Z2-7]{32}");
		assertThat(begun.text("uri"))
			.isEqualTo("otpauth://totp/Sagamart:ann%40example.com?secret=" + begun.text("secret") + "&issuer=Sagamart");
		assertThat(get(OWN, ann).json().get("enrolled").asBoolean()).isFalse();
		assertThat(logIn(ANN, PASSWORD).status()).as("nothing is asked for yet").isEqualTo(201);
		AuthenticatorApp app = new AuthenticatorApp(begun.text("secret"), List.of());
		Answer done = confirm(ann, app.code());
		assertThat(done.status()).isEqualTo(200);
		assertThat(done.header("Cache-Control")).contains("no-store");
		assertThat(done.json().get("recoveryCodes")).hasSize(10);
		String again = logInWithCode(ANN, app.codeIn(1)).text("accessToken");
		Answer shown = get(OWN, again);
		assertThat(shown.json().get("enrolled").asBoolean()).isTrue();
		assertThat(Instant.parse(shown.text("enrolledAt"))).isBetween(Instant.now().minusSeconds(60), Instant.now());
		assertThat(shown.json().get("recoveryCodesLeft").asInt()).isEqualTo(10);
	}

	@Test
	void storesNothingThatOpensAnything() {
		AuthenticatorApp app = enrol(customer(ANN));
		String row = this.jdbc.sql("SELECT f::text FROM second_factor f").query(String.class).single();
		assertThat(row).doesNotContain(app.secret(), app.recoveryCodes().getFirst(),
				HexFormat.of().formatHex(app.recoveryCodes().getFirst().getBytes()));
		UUID eve = idOf(registered("eve@example.com"));
		this.jdbc.sql("UPDATE second_factor SET user_id = ?").param(eve).update();
		assertThat(logInWithCode("eve@example.com", app.codeIn(1)).status()).as("moved to another").isEqualTo(500);
	}

	@Test
	void asksForACodeOnceThePasswordWasRight() {
		AuthenticatorApp app = enrol(customer(ANN));
		for (String code : List.of("", " ")) {
			assertThat(logInWithCode(ANN, code).code()).isEqualTo("SECOND_FACTOR_REQUIRED");
		}
		Answer missing = logIn(ANN, PASSWORD);
		assertThat(missing.status()).isEqualTo(401);
		assertThat(missing.code()).isEqualTo("SECOND_FACTOR_REQUIRED");
		Answer wrong = logInWithCode(ANN, app.wrongCode());
		assertThat(wrong.status()).isEqualTo(401);
		assertThat(wrong.code()).isEqualTo("WRONG_CODE");
		assertThat(count("session")).isZero();
		String code = app.codeIn(1);
		assertThat(logInWithCode(ANN, code.substring(0, 3) + " " + code.substring(3)).status()).isEqualTo(201);
		assertThat(logInWithCode(ANN, "1".repeat(65)).status()).isEqualTo(422);
	}

	@Test
	void tellsNobodyWhoHasOne() {
		AuthenticatorApp app = enrol(customer(ANN));
		register("bob@example.com");
		List<String> bodies = List.of(ANN, "bob@example.com", "nobody@example.com")
			.stream()
			.map((email) -> call("POST", "/api/v1/sessions", null,
					Map.of("email", email, "password", "wrong password", "code", app.codeIn(1)), "X-Correlation-Id",
					"same")
				.response()
				.body())
			.toList();
		assertThat(bodies).containsOnly(bodies.getFirst());
		assertThat(bodies.getFirst()).contains("BAD_CREDENTIALS");
		assertThat(logInWithCode(ANN, app.codeIn(1)).status()).as("that used up nothing").isEqualTo(201);
	}

	@Test
	void looksAtNoCodeOfWhomHasNone() {
		register(ANN);
		assertThat(logInWithCode(ANN, "000000").status()).isEqualTo(201);
	}

	@Test
	void needsThePasswordAsALogInDoes() {
		String ann = customer(ANN);
		assertThat(begin(null).code()).isEqualTo("UNAUTHENTICATED");
		assertThat(call("POST", OWN, ann, Map.of()).status()).isEqualTo(422);
		for (int i = 0; i < 10; i++) {
			assertThat(call("POST", OWN, ann, Map.of("password", "wrong password")).code())
				.isEqualTo("BAD_CREDENTIALS");
		}
		assertThat(begin(ann).code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(429);
		assertThat(count("second_factor")).isZero();
	}

	@Test
	void givesNobodyTwo() {
		AuthenticatorApp app = enrol(customer(ANN));
		String ann = logInWithCode(ANN, app.codeIn(1)).text("accessToken");
		Answer second = begin(ann);
		assertThat(second.status()).isEqualTo(409);
		assertThat(second.code()).isEqualTo("SECOND_FACTOR_EXISTS");
		assertThat(confirm(ann, app.codeIn(1)).code()).isEqualTo("WRONG_CODE");
		forgetSteps();
		assertThat(logInWithCode(ANN, app.code()).status()).as("the first is as it was").isEqualTo(201);
	}

	@Test
	void takesTheLastSecretOnly() {
		String ann = customer(ANN);
		AuthenticatorApp first = new AuthenticatorApp(begin(ann).text("secret"), List.of());
		AuthenticatorApp second = new AuthenticatorApp(begin(ann).text("secret"), List.of());
		Answer refused = confirm(ann, first.code());
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.code()).isEqualTo("WRONG_CODE");
		assertThat(confirm(ann, second.code()).status()).isEqualTo(200);
	}

	@Test
	void enrolsOnceWithACodeThatComesTwice() throws Exception {
		String ann = customer(ANN);
		AuthenticatorApp app = new AuthenticatorApp(begin(ann).text("secret"), List.of());
		List<Integer> statuses = atOnce(6, () -> confirm(ann, app.code()).status());
		assertThat(statuses).containsOnlyOnce(200).isSubsetOf(200, 401, 422);
	}

	@Test
	void forgetsASecretThatWaitsForTooLong() {
		UUID ann = idOf(registered(ANN));
		SettableClock clock = SettableClock.at(Instant.now());
		SecondFactors factors = at(clock);
		AuthenticatorApp app = begin(factors, ann);
		clock.pass(Duration.ofMinutes(10).minusMillis(1));
		factors.removeOld();
		assertThat(factors.findWaiting(ann)).isPresent();
		clock.pass(Duration.ofMillis(1));
		assertThat(factors.findWaiting(ann)).isEmpty();
		assertThat(confirm(factors, ann, app.codeAt(clock.instant()))).isEmpty();
		factors.removeOld();
		assertThat(count("second_factor")).isZero();
	}

	@Test
	void keepsWhatWasConfirmed() {
		UUID ann = idOf(registered(ANN));
		SettableClock clock = SettableClock.at(Instant.now());
		SecondFactors factors = at(clock);
		AuthenticatorApp app = begin(factors, ann);
		assertThat(confirm(factors, ann, app.codeAt(clock.instant()))).isPresent();
		clock.pass(Duration.ofDays(1000));
		factors.removeOld();
		assertThat(accept(factors, ann, app.codeAt(clock.instant()))).isTrue();
	}

	@Test
	void forgetsWhatAnEarlierVersionLeftOfSomebodyWhomItErased() {
		enrol(customer("bob@example.com"));
		enrol(customer(ANN));
		this.jdbc
			.sql("UPDATE app_user SET email = NULL, email_key = NULL, password_hash = NULL, name = NULL,"
					+ " erased_at = now() WHERE id = ?")
			.param(idOf(ANN))
			.update();
		this.factors.removeOld();
		assertThat(count("second_factor")).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "-2,false", "-1,true", "0,true", "1,true", "2,false" })
	void acceptsAClockThatIsAStepOff(int steps, boolean good) {
		UUID ann = idOf(registered(ANN));
		SettableClock clock = SettableClock.at(Instant.now());
		SecondFactors factors = at(clock);
		AuthenticatorApp app = begin(factors, ann);
		confirm(factors, ann, app.codeAt(clock.instant()));
		clock.pass(Duration.ofHours(1));
		assertThat(accept(factors, ann, app.codeAt(clock.instant().plusSeconds(30L * steps)))).isEqualTo(good);
	}

	@Test
	void acceptsEachStepOnceAndNoEarlierOneAfterIt() {
		UUID ann = idOf(registered(ANN));
		SettableClock clock = SettableClock.at(Instant.now());
		SecondFactors factors = at(clock);
		AuthenticatorApp app = begin(factors, ann);
		String first = app.codeAt(clock.instant());
		confirm(factors, ann, first);
		assertThat(accept(factors, ann, first)).as("the one that it was enrolled with").isFalse();
		clock.pass(Duration.ofHours(1));
		Instant now = clock.instant();
		assertThat(accept(factors, ann, app.codeAt(now))).isTrue();
		assertThat(accept(factors, ann, app.codeAt(now))).isFalse();
		assertThat(accept(factors, ann, app.codeAt(now.minusSeconds(30)))).isFalse();
		assertThat(accept(factors, ann, app.codeAt(now.plusSeconds(30)))).isTrue();
		assertThat(accept(factors, ann, app.codeAt(now))).isFalse();
		clock.pass(Duration.ofSeconds(30));
		assertThat(accept(factors, ann, app.codeAt(now.plusSeconds(30)))).isFalse();
		clock.pass(Duration.ofSeconds(30));
		assertThat(accept(factors, ann, app.codeAt(now.plusSeconds(60)))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "of the app", "for recovery" })
	void letsOneOfManyInWithOneCode(String kind) throws Exception {
		AuthenticatorApp app = enrol(customer(ANN));
		String code = kind.equals("of the app") ? app.codeIn(1) : app.recoveryCodes().get(3);
		List<Answer> answers = atOnce(8, () -> logInWithCode(ANN, code));
		assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(201, 401);
		assertThat(answers).filteredOn((answer) -> answer.status() == 401)
			.extracting(Answer::code)
			.containsOnly("WRONG_CODE");
		assertThat(count("session")).isEqualTo(1);
	}

	@Test
	void takesEachRecoveryCodeOnceHoweverItIsTyped() {
		AuthenticatorApp app = enrol(customer(ANN));
		String code = app.recoveryCodes().getFirst();
		assertThat(logInWithCode(ANN, code).status()).isEqualTo(201);
		assertThat(logInWithCode(ANN, code).code()).isEqualTo("WRONG_CODE");
		Answer typed = logInWithCode(ANN,
				" " + app.recoveryCodes().get(1).toLowerCase(java.util.Locale.ROOT).replace("-", ""));
		assertThat(typed.status()).isEqualTo(201);
		assertThat(get(OWN, typed.text("accessToken")).json().get("recoveryCodesLeft").asInt()).isEqualTo(8);
		assertThat(logInWithCode(ANN, app.codeIn(1)).status()).as("the app goes on").isEqualTo(201);
	}

	@Test
	void takesNoRecoveryCodeOfSomebodyElse() {
		enrol(customer(ANN));
		AuthenticatorApp bobs = enrol(customer("bob@example.com"));
		assertThat(logInWithCode(ANN, bobs.recoveryCodes().getFirst()).code()).isEqualTo("WRONG_CODE");
		assertThat(logInWithCode(ANN, bobs.codeIn(1)).code()).isEqualTo("WRONG_CODE");
		assertThat(logInWithCode("bob@example.com", bobs.recoveryCodes().getFirst()).status()).isEqualTo(201);
	}

	/** Whoever has the password can have as many addresses as they like. */
	@Test
	void countsWrongCodesForTheAccountWhateverTheAddress() {
		AuthenticatorApp app = enrol(customer(ANN));
		AuthenticatorApp bobs = enrol(customer("bob@example.com"));
		for (int i = 0; i < 10; i++) {
			assertThat(logInFrom("203.0.113." + i, app.wrongCode()).code()).isEqualTo("WRONG_CODE");
		}
		Answer late = logInFrom("203.0.113.77", app.codeIn(1));
		assertThat(late.status()).isEqualTo(429);
		assertThat(late.code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		assertThat(Integer.parseInt(late.header("Retry-After"))).isBetween(1, 900);
		assertThat(logInFrom("203.0.113.78", app.recoveryCodes().getFirst()).status()).isEqualTo(429);
		assertThat(logInWithCode("bob@example.com", bobs.codeIn(1)).status()).as("others").isEqualTo(201);
		assertThat(logIn(ANN, "wrong password").code()).isEqualTo("BAD_CREDENTIALS");
		this.jdbc
			.sql("UPDATE failed_login SET failures = ARRAY(SELECT t - interval '16 minutes' FROM unnest(failures) t)")
			.update();
		assertThat(logInWithCode(ANN, app.codeIn(1)).status()).isEqualTo(201);
	}

	@Test
	void throttlesManyGuessesAtOnce() throws Exception {
		AuthenticatorApp app = enrol(customer(ANN));
		String wrong = app.wrongCode();
		List<Integer> statuses = atOnce(20, () -> logInWithCode(ANN, wrong).status());
		assertThat(statuses.stream().filter((status) -> status == 401)).hasSize(10);
		assertThat(statuses.stream().filter((status) -> status == 429)).hasSize(10);
	}

	@Test
	void forgetsWrongCodesAfterARightOne() {
		AuthenticatorApp app = enrol(customer(ANN));
		for (String right : app.recoveryCodes().subList(0, 2)) {
			for (int i = 0; i < 9; i++) {
				assertThat(logInWithCode(ANN, app.wrongCode()).status()).isEqualTo(401);
			}
			assertThat(logInWithCode(ANN, right).status()).isEqualTo(201);
		}
		assertThat(count("failed_login")).isZero();
	}

	@Test
	void countsWrongFirstCodesWhileTheyCouldBeRight() {
		String ann = customer(ANN);
		for (int i = 0; i < 11; i++) {
			assertThat(confirm(ann, "000000").code()).as("nothing waits").isEqualTo("WRONG_CODE");
		}
		AuthenticatorApp app = new AuthenticatorApp(begin(ann).text("secret"), List.of());
		for (int i = 0; i < 10; i++) {
			assertThat(confirm(ann, app.wrongCode()).code()).isEqualTo("WRONG_CODE");
		}
		Answer late = confirm(ann, app.code());
		assertThat(late.status()).isEqualTo(429);
		assertThat(late.code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		assertThat(get(OWN, ann).json().get("enrolled").asBoolean()).isFalse();
	}

	/** So every session of somebody who has one was begun with it. */
	@Test
	void endsWhatWasBegunWithoutIt() {
		Answer stolen = logInAnew(ANN);
		UUID ann = idOf(ANN);
		LoggedIn before = (LoggedIn) this.logInCheck.check(ANN, PASSWORD, null, "203.0.113.7");
		AuthenticatorApp app = enrol(stolen.text("accessToken"));
		assertThat(refresh(stolen.text("refreshToken")).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(get(OWN, stolen.text("accessToken")).code()).isEqualTo("INVALID_TOKEN");
		assertThat(this.sessions.begin(before, null, Set.of()))
			.as("for a password that was right before anybody was asked for a code")
			.isEmpty();
		assertThat(this.factors.begin(ann, before.tokenGeneration())).isEmpty();
		assertThat(this.factors.remove(ann, before.tokenGeneration())).isEmpty();
		assertThat(count("session")).isZero();
		Answer session = logInWithCode(ANN, app.codeIn(1));
		assertThat(refresh(session.text("refreshToken")).status()).as("no code for that").isEqualTo(200);
	}

	@Test
	void isRemovedWithPasswordAndCode() {
		AuthenticatorApp app = enrol(customer(ANN));
		String used = app.codeIn(1);
		Answer session = logInWithCode(ANN, used);
		String ann = session.text("accessToken");
		assertThat(remove(ann, "wrong password", app.recoveryCodes().getFirst()).code()).isEqualTo("BAD_CREDENTIALS");
		Answer wrong = remove(ann, PASSWORD, app.wrongCode());
		assertThat(wrong.status()).isEqualTo(401);
		assertThat(wrong.code()).isEqualTo("WRONG_CODE");
		assertThat(remove(ann, PASSWORD, used).code()).isEqualTo("WRONG_CODE");
		assertThat(call("DELETE", OWN, ann, Map.of("password", PASSWORD)).status()).isEqualTo(422);
		assertThat(remove(null, PASSWORD, app.codeIn(1)).status()).isEqualTo(401);
		forgetSteps();
		assertThat(remove(ann, PASSWORD, app.code()).status()).isEqualTo(204);
		assertThat(refresh(session.text("refreshToken")).status()).isEqualTo(401);
		assertThat(get(OWN, ann).code()).isEqualTo("INVALID_TOKEN");
		String again = logIn(ANN, PASSWORD).text("accessToken");
		assertThat(get(OWN, again).json().get("enrolled").asBoolean()).isFalse();
		assertThat(remove(again, PASSWORD, app.recoveryCodes().getFirst()).status()).isEqualTo(404);
		assertThat(count("failed_login")).as("of the one before").isZero();
	}

	@Test
	void isRemovedWithARecoveryCodeButNotByGuessing() {
		AuthenticatorApp app = enrol(customer(ANN));
		String ann = logInWithCode(ANN, app.codeIn(1)).text("accessToken");
		for (int i = 0; i < 10; i++) {
			assertThat(remove(ann, PASSWORD, app.wrongCode()).code()).isEqualTo("WRONG_CODE");
		}
		assertThat(remove(ann, PASSWORD, app.recoveryCodes().getFirst()).code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		this.jdbc.sql("DELETE FROM failed_login").update();
		assertThat(remove(ann, PASSWORD, app.recoveryCodes().getFirst()).status()).isEqualTo(204);
	}

	@Test
	void goesWithTheAccount() {
		AuthenticatorApp app = enrol(customer(ANN));
		logInWithCode(ANN, app.wrongCode());
		String ann = logInWithCode(ANN, app.codeIn(1)).text("accessToken");
		logInWithCode(ANN, app.wrongCode());
		assertThat(call("DELETE", "/api/v1/users/me", ann, null).status()).isEqualTo(204);
		assertThat(count("second_factor") + count("failed_login")).isZero();
		register(ANN);
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(201);
	}

	private SecondFactors at(SettableClock clock) {
		return new SecondFactors(this.stored, this.entities, this.jdbcTemplate, this.accounts, this.personalData,
				this.events, clock);
	}

	private static AuthenticatorApp begin(SecondFactors factors, UUID userId) {
		SecondFactors.Enrolment.Begun begun = (SecondFactors.Enrolment.Begun) factors.begin(userId, 0).orElseThrow();
		return new AuthenticatorApp(begun.secret(), List.of());
	}

	private Optional<List<String>> confirm(SecondFactors factors, UUID userId, String code) {
		return this.accounts
			.holding(userId,
					(user) -> factors.findWaiting(userId).flatMap((factor) -> factors.confirm(user, factor, code)))
			.orElseThrow();
	}

	private boolean accept(SecondFactors factors, UUID userId, String code) {
		return this.accounts.holding(userId, (_) -> factors.accept(userId, code)).orElseThrow();
	}

	private Answer begin(String token) {
		return call("POST", OWN, token, Map.of("password", PASSWORD));
	}

	private Answer confirm(String token, String code) {
		return call("PUT", OWN, token, Map.of("code", code));
	}

	private Answer remove(String token, String password, String code) {
		return call("DELETE", OWN, token, Map.of("password", password, "code", code));
	}

	private Answer logInFrom(String address, String code) {
		return logInWithCode(ANN, code, "X-Forwarded-For", address, "X-Edge-Secret", "of the tests");
	}

	private Answer logInAnew(String email) {
		register(email);
		return logIn(email, PASSWORD);
	}

	private String registered(String email) {
		register(email);
		return email;
	}

	private int count(String table) {
		return this.jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
	}

}
