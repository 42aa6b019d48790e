package dev.sagamart.users.session;

import com.sun.management.ThreadMXBean;
import dev.sagamart.platform.Digests;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.users.UsersTest;
import dev.sagamart.users.session.Sessions.Tokens;
import dev.sagamart.users.user.Accounts;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SessionsIntegrationTests extends UsersTest {

	@Autowired
	private Sessions sessions;

	@Autowired
	private LogInCheck logInCheck;

	@Autowired
	private FailedLogins failures;

	@Autowired
	private Accounts accounts;

	@Test
	void logsSomebodyIn() {
		register("ann@example.com");
		Answer answer = logIn("ANN@example.com", PASSWORD);
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.header("Cache-Control")).contains("no-store");
		assertThat(answer.header("X-Audit-Subject")).isEqualTo(idOf("ann@example.com").toString());
		assertThat(answer.json().propertyNames()).containsExactlyInAnyOrder("accessToken", "tokenType", "expiresIn",
				"refreshToken", "refreshExpiresIn");
		assertThat(answer.text("tokenType")).isEqualTo("Bearer");
		assertThat(answer.json().get("expiresIn").asInt()).isEqualTo(900);
		assertThat(answer.json().get("refreshExpiresIn").asInt()).isEqualTo(14 * 24 * 3600);
		assertThat(get("/api/v1/users/me", answer.text("accessToken")).status()).isEqualTo(200);
		assertThat(this.jdbc.sql("SELECT encode(hash, 'escape') FROM refresh_token").query(String.class).single())
			.isNotEqualTo(answer.text("refreshToken"));
	}

	@Test
	void answersAlikeForUnknownAndKnownAddresses() {
		register("ann@example.com");
		Answer known = logIn("ann@example.com", "wrong password", "X-Correlation-Id", "same");
		Answer unknown = logIn("nobody@example.com", "wrong password", "X-Correlation-Id", "same");
		Answer impossible = logIn("not an address", "wrong password", "X-Correlation-Id", "same");
		assertThat(known.status()).isEqualTo(401);
		assertThat(known.code()).isEqualTo("BAD_CREDENTIALS");
		assertThat(unknown.response().body()).isEqualTo(known.response().body());
		assertThat(impossible.response().body()).isEqualTo(known.response().body());
		assertThat(unknown.response().headers().map().keySet()).isEqualTo(known.response().headers().map().keySet());
	}

	/** Argon2 takes tens of milliseconds and 19 MiB, everything else little of either. */
	@Test
	void doesAsMuchForUnknownAsForKnownAddresses() {
		register("ann@example.com");
		long known = allocatedToCheck("ann@example.com");
		long unknown = allocatedToCheck("nobody@example.com");
		assertThat(known).isGreaterThan(19 * 1024 * 1024);
		assertThat(unknown).isCloseTo(known, Percentage.withPercentage(20));
	}

	@Test
	void throttlesAnAccountFromOneAddressOnly() {
		register("ann@example.com");
		for (int i = 0; i < 10; i++) {
			assertThat(logInFrom("203.0.113.7", "wrong password").status()).isEqualTo(401);
		}
		Answer throttled = logInFrom("203.0.113.7", PASSWORD);
		assertThat(throttled.status()).isEqualTo(429);
		assertThat(throttled.code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		assertThat(Integer.parseInt(throttled.header("Retry-After"))).isBetween(800, 900);
		assertThat(throttled.header("RateLimit-Limit")).isEqualTo("10");
		assertThat(throttled.header("RateLimit-Remaining")).isEqualTo("0");
		assertThat(throttled.header("RateLimit-Reset")).isEqualTo(throttled.header("Retry-After"));
		assertThat(logInFrom("203.0.113.8", PASSWORD).status()).isEqualTo(201);
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void takesAnIpv6NetworkForOneAddress() {
		register("ann@example.com");
		for (int i = 0; i < 10; i++) {
			assertThat(logInFrom("2001:db8:1:2:" + i + "::1", "wrong password").status()).isEqualTo(401);
		}
		assertThat(logInFrom("2001:db8:1:2:99::1", PASSWORD).code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		assertThat(count("failed_login")).isEqualTo(1);
		assertThat(logInFrom("2001:db8:1:3::1", PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void throttlesWhoeverPretendsToBeElsewhere() {
		register("ann@example.com");
		for (int i = 0; i < 10; i++) {
			assertThat(logIn("ann@example.com", "wrong password", "X-Forwarded-For", "203.0.113." + i).status())
				.isEqualTo(401);
		}
		assertThat(logIn("ann@example.com", PASSWORD, "X-Forwarded-For", "203.0.113.77", "X-Edge-Secret", "guessed")
			.status()).isEqualTo(429);
	}

	@Test
	void throttlesUnknownAccountsToo() {
		for (int i = 0; i < 10; i++) {
			assertThat(logIn("nobody@example.com", "wrong password").status()).isEqualTo(401);
		}
		assertThat(logIn("nobody@example.com", "wrong password").status()).isEqualTo(429);
	}

	@Test
	void throttlesManyAttemptsAtOnce() throws Exception {
		register("ann@example.com");
		List<Integer> statuses = atOnce(25, () -> logIn("ann@example.com", "wrong password").status());
		assertThat(statuses.stream().filter((status) -> status == 401)).hasSize(10);
		assertThat(statuses.stream().filter((status) -> status == 429)).hasSize(15);
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(429);
	}

	@Test
	void countsOnlyFailures() throws Exception {
		register("ann@example.com");
		assertThat(atOnce(15, () -> logIn("ann@example.com", PASSWORD).status())).containsOnly(201);
		for (int i = 0; i < 9; i++) {
			assertThat(logIn("ann@example.com", "wrong password").status()).isEqualTo(401);
		}
		assertThat(atOnce(15, () -> logIn("ann@example.com", PASSWORD).status())).containsOnly(201);
		assertThat(logIn("ann@example.com", "wrong password").status()).isEqualTo(401);
		assertThat(atOnce(3, () -> logIn("ann@example.com", PASSWORD).status())).containsOnly(201);
	}

	@Test
	void acceptsNoRightPasswordThatWasGuessedTooLate() {
		String ann = "ann@example.com";
		assertThat(this.failures.throttled(ann, "203.0.113.7")).isEmpty();
		for (int i = 0; i < 10; i++) {
			assertThat(this.failures.failed(ann, "203.0.113.7")).isEmpty();
		}
		assertThat(this.failures.failed(ann, "203.0.113.7")).isPresent();
		assertThat(this.failures.succeeded(ann, "203.0.113.7")).isPresent();
		assertThat(this.failures.succeeded(ann, "203.0.113.8")).isEmpty();
	}

	/** No quarter of an hour has more than ten, wherever it begins. */
	@Test
	void letsEachFailureCountForItsOwnTime() {
		register("ann@example.com");
		fail(5);
		letPass(Duration.ofMinutes(14));
		fail(5);
		Answer throttled = logIn("ann@example.com", PASSWORD);
		assertThat(throttled.status()).isEqualTo(429);
		int seconds = Integer.parseInt(throttled.header("Retry-After"));
		assertThat(seconds).isBetween(1, 60);
		// and as long as the first five took, on a machine that is slow
		letPass(Duration.ofSeconds(seconds).plusSeconds(30));
		fail(5);
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(429);
		letPass(Duration.ofMinutes(14));
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(201);
	}

	@ParameterizedTest
	@CsvSource({ "PT0S,1", "PT0.001S,1", "PT1S,1", "PT1.000000001S,2", "PT14M59.2S,900", "PT15M,900" })
	void saysWhenItWorksAgainAndNotSooner(Duration remaining, long seconds) {
		assertThat(new LogIn.Throttled(10, remaining).retryAfterSeconds()).isEqualTo(seconds);
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			assertThat(logIn("ann@example.com", "wrong password").status()).isEqualTo(401);
		}
	}

	private void letPass(Duration time) {
		this.jdbc
			.sql("UPDATE failed_login SET since = since - :time::interval,"
					+ " failures = ARRAY(SELECT t - :time::interval FROM unnest(failures) AS t)")
			.param("time", time.toString())
			.update();
	}

	/** An interrupted thread gets no turn, as one that has waited too long. */
	@Test
	void countsNoAttemptThatCouldNotBeMade() {
		for (int i = 0; i < 20; i++) {
			try {
				Thread.currentThread().interrupt();
				assertThatThrownBy(
						() -> this.logInCheck.check("ann@example.com", "wrong password", null, "203.0.113.7"))
					.hasMessageContaining("Too many passwords at once");
			}
			finally {
				Thread.interrupted();
			}
		}
		assertThat(this.logInCheck.check("ann@example.com", "wrong password", null, "203.0.113.7"))
			.isInstanceOf(LogIn.BadCredentials.class);
	}

	@Test
	void forgetsFailuresAfterASuccessAndAfterTheWindow() {
		register("ann@example.com");
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 9; i++) {
				assertThat(logIn("ann@example.com", "wrong password").status()).isEqualTo(401);
			}
			assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(201);
		}
		for (int i = 0; i < 11; i++) {
			logIn("ann@example.com", "wrong password");
		}
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(429);
		letPass(Duration.ofMinutes(16));
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void logsInAndRefreshesWhateverTokenIsSentAlong() {
		for (String old : List.of("nonsense", TestTokens.shared().token().unsigned(), "a b")) {
			String email = old.length() + "@example.com";
			assertThat(call("POST", "/api/v1/users", old, Map.of("email", email, "password", PASSWORD, "name", "Ann"))
				.status()).isEqualTo(201);
			Answer session = call("POST", "/api/v1/sessions", old, Map.of("email", email, "password", PASSWORD));
			assertThat(session.status()).isEqualTo(201);
			assertThat(
					call("POST", "/api/v1/sessions/refresh", old, Map.of("refreshToken", session.text("refreshToken")))
						.status())
				.isEqualTo(200);
			assertThat(
					call("POST", "/api/v1/sessions", old, Map.of("email", email, "password", "wrong password")).code())
				.isEqualTo("BAD_CREDENTIALS");
			assertThat(call("DELETE", "/api/v1/sessions/current", old,
					Map.of("refreshToken", session.text("refreshToken")))
				.code()).isEqualTo("INVALID_TOKEN");
			assertThat(get("/api/v1/users", old).code()).isEqualTo("INVALID_TOKEN");
		}
	}

	@Test
	void refreshesWithEachTokenOnce() {
		register("ann@example.com");
		Answer first = logIn("ann@example.com", PASSWORD);
		Answer second = refresh(first.text("refreshToken"));
		assertThat(second.status()).isEqualTo(200);
		assertThat(second.header("X-Audit-Subject")).isEqualTo(idOf("ann@example.com").toString());
		assertThat(second.text("refreshToken")).isNotEqualTo(first.text("refreshToken"));
		assertThat(get("/api/v1/users/me", second.text("accessToken")).status()).isEqualTo(200);
		Answer third = refresh(second.text("refreshToken"));
		assertThat(third.status()).isEqualTo(200);
		Answer reused = refresh(first.text("refreshToken"));
		assertThat(reused.status()).isEqualTo(401);
		assertThat(reused.code()).isEqualTo("REFRESH_TOKEN_REUSED");
		assertThat(refresh(third.text("refreshToken")).code()).isEqualTo("INVALID_REFRESH_TOKEN");
	}

	/** Whoever refreshes all day fills no table, and hides no theft behind it. */
	@Test
	void recognisesUsedTokensWithoutKeepingThem() {
		register("ann@example.com");
		String first = logIn("ann@example.com", PASSWORD).text("refreshToken");
		String last = first;
		for (int i = 0; i < 30; i++) {
			last = refresh(last).text("refreshToken");
		}
		assertThat(count("refresh_token")).isEqualTo(1);
		assertThat(refresh(first).code()).isEqualTo("REFRESH_TOKEN_REUSED");
		assertThat(refresh(last).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(count("session")).isEqualTo(1);
	}

	@Test
	void endsNoSessionForATokenThatIsHalfInvented() {
		register("ann@example.com");
		String token = logIn("ann@example.com", PASSWORD).text("refreshToken");
		assertThat(token).hasSize(86);
		String invented = "x".repeat(43) + token.substring(43);
		assertThat(refresh(invented).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(refresh(token).status()).isEqualTo(200);
	}

	@Test
	void goesOnWithSessionsOfTheVersionBefore() {
		register("ann@example.com");
		UUID session = UUID.randomUUID();
		String old = "o".repeat(43);
		this.jdbc.sql("INSERT INTO session (id, user_id, expires_at) VALUES (?, ?, now() + interval '1 day')")
			.params(session, idOf("ann@example.com"))
			.update();
		this.jdbc
			.sql("INSERT INTO refresh_token (hash, session_id, expires_at) VALUES (?, ?, now() + interval '1 day')")
			.params(Digests.sha256(old), session)
			.update();
		String second = refresh(old).text("refreshToken");
		String third = refresh(second).text("refreshToken");
		assertThat(count("refresh_token")).as("the old one and the newest").isEqualTo(2);
		assertThat(refresh(old).code()).isEqualTo("REFRESH_TOKEN_REUSED");
		assertThat(refresh(third).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(refresh(second).code()).isEqualTo("REFRESH_TOKEN_REUSED");
	}

	/**
	 * The password was right, and then all sessions end, in a transaction that takes its
	 * time to commit.
	 */
	@Test
	void beginsNoneForAPasswordFromBeforeAllEnded() throws Exception {
		UUID ann = registered("ann@example.com");
		LogIn.LoggedIn before = (LogIn.LoggedIn) this.logInCheck.check("ann@example.com", PASSWORD, null,
				"203.0.113.7");
		CompletableFuture<Optional<Tokens>> late = this.accounts.holding(ann, (user) -> {
			this.sessions.endAll(user);
			CompletableFuture<Optional<Tokens>> begun = CompletableFuture
				.supplyAsync(() -> this.sessions.begin(before, null, Set.of()));
			Awaitility.await().until(this::somebodyWaitsForARow);
			return begun;
		}).orElseThrow();
		assertThat(late.get()).isEmpty();
		assertThat(this.sessions.begin(before, null, Set.of())).isEmpty();
		assertThat(count("session")).isZero();
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(201);
	}

	/** What instances of the version before look at during an upgrade. */
	@Test
	void notesWhenAllEnded() {
		UUID ann = registered("ann@example.com");
		this.accounts.holding(ann, (user) -> {
			this.sessions.endAll(user);
			return true;
		});
		assertThat(this.jdbc.sql("SELECT sessions_ended_at FROM app_user").query(OffsetDateTime.class).single())
			.isNotNull();
	}

	@Test
	void keepsAHundredSessionsOfEachUser() throws Exception {
		register("ann@example.com");
		UUID ann = idOf("ann@example.com");
		String bobs = begin(registered("bob@example.com"));
		String ended = begin(ann);
		String used = begin(ann);
		String idle = begin(ann);
		used = refresh(used).text("refreshToken");
		call("DELETE", "/api/v1/sessions/current", logIn("ann@example.com", PASSWORD).text("accessToken"),
				Map.of("refreshToken", ended));
		for (int i = 0; i < 97; i++) {
			begin(ann);
		}
		assertThat(sessionsOf(ann)).as("without the one that had ended").isEqualTo(100);
		assertThat(refresh(ended).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		begin(ann);
		assertThat(refresh(idle).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		atOnce(5, () -> begin(ann));
		assertThat(sessionsOf(ann)).isEqualTo(100);
		assertThat(refresh(used).status()).isEqualTo(401);
		assertThat(refresh(bobs).status()).isEqualTo(200);
	}

	@Test
	void endsOnlyTheFamilyOfAReusedToken() {
		register("ann@example.com");
		Answer phone = logIn("ann@example.com", PASSWORD);
		Answer laptop = logIn("ann@example.com", PASSWORD);
		refresh(phone.text("refreshToken"));
		refresh(phone.text("refreshToken"));
		assertThat(refresh(laptop.text("refreshToken")).status()).isEqualTo(200);
	}

	@Test
	void noticesReuseByParallelRefreshes() throws Exception {
		register("ann@example.com");
		String token = logIn("ann@example.com", PASSWORD).text("refreshToken");
		List<Answer> answers = atOnce(8, () -> refresh(token));
		List<Answer> refreshed = answers.stream().filter((answer) -> answer.status() == 200).toList();
		assertThat(refreshed).hasSize(1);
		assertThat(answers.stream().filter((answer) -> answer.status() == 401)).hasSize(7)
			.allMatch((answer) -> answer.code().equals("REFRESH_TOKEN_REUSED"));
		assertThat(refresh(refreshed.getFirst().text("refreshToken")).code()).isEqualTo("INVALID_REFRESH_TOKEN");
	}

	@Test
	void refusesRefreshTokensThatAreUnknownOrExpired() {
		register("ann@example.com");
		assertThat(refresh("unknown").code()).isEqualTo("INVALID_REFRESH_TOKEN");
		String token = logIn("ann@example.com", PASSWORD).text("refreshToken");
		this.jdbc.sql("UPDATE refresh_token SET expires_at = now() - interval '1 second'").update();
		assertThat(refresh(token).code()).isEqualTo("INVALID_REFRESH_TOKEN");
	}

	@Test
	void endsASessionAfterItsWholeLife() {
		register("ann@example.com");
		String token = logIn("ann@example.com", PASSWORD).text("refreshToken");
		this.jdbc.sql("UPDATE session SET expires_at = now() + interval '1 hour'").update();
		Answer refreshed = refresh(token);
		assertThat(refreshed.json().get("refreshExpiresIn").asInt()).isBetween(3500, 3600);
	}

	@Test
	void logsSomebodyOut() {
		String ann = customer("ann@example.com");
		String bob = customer("bob@example.com");
		String token = logIn("ann@example.com", PASSWORD).text("refreshToken");
		Map<String, String> body = Map.of("refreshToken", token);
		assertThat(call("DELETE", "/api/v1/sessions/current", null, body).status()).isEqualTo(401);
		assertThat(call("DELETE", "/api/v1/sessions/current", bob, body).status()).isEqualTo(204);
		String next = refresh(token).text("refreshToken");
		assertThat(call("DELETE", "/api/v1/sessions/current", ann, Map.of("refreshToken", next)).status())
			.isEqualTo(204);
		assertThat(refresh(next).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(call("DELETE", "/api/v1/sessions/current", ann, Map.of("refreshToken", "unknown")).status())
			.isEqualTo(204);
	}

	@Test
	void givesChangedRolesWithTheNextRefresh() {
		register("ann@example.com");
		Answer session = logIn("ann@example.com", PASSWORD);
		assertThat(get("/api/v1/users", session.text("accessToken")).status()).isEqualTo(403);
		this.jdbc.sql("UPDATE app_user SET roles = '{ADMIN}'").update();
		assertThat(get("/api/v1/users", refresh(session.text("refreshToken")).text("accessToken")).status())
			.isEqualTo(200);
	}

	@Test
	void acceptsNoTokenOfAnotherIssuer() {
		TestTokens others = TestTokens.shared();
		assertThat(get("/api/v1/users/me", others.customer(UUID.randomUUID())).code()).isEqualTo("INVALID_TOKEN");
		assertThat(get("/api/v1/users/me", others.token().unsigned()).status()).isEqualTo(401);
	}

	@Test
	void removesWhatNobodyNeedsAnyMore() {
		register("ann@example.com");
		logIn("ann@example.com", PASSWORD);
		logIn("ann@example.com", PASSWORD);
		logIn("ann@example.com", "wrong password");
		this.sessions.tidyUp();
		assertThat(count("session")).isEqualTo(2);
		assertThat(count("failed_login")).isEqualTo(1);
		OffsetDateTime past = Instant.now().minus(Duration.ofDays(1)).atOffset(java.time.ZoneOffset.UTC);
		this.jdbc.sql("UPDATE session SET expires_at = ?").param(past).update();
		letPass(Duration.ofMinutes(16));
		this.sessions.tidyUp();
		assertThat(count("session") + count("refresh_token") + count("failed_login")).isZero();
	}

	@Test
	void remembersFailuresFromTenThousandAddresses() {
		logIn("nobody@example.com", "wrong password");
		this.jdbc
			.sql("INSERT INTO failed_login (account, address, since, failures)"
					+ " SELECT 'crowd'::bytea, n::text, now() - n * interval '1 millisecond', ARRAY[now()]"
					+ " FROM generate_series(1, 12500) n")
			.update();
		this.sessions.tidyUp();
		assertThat(count("failed_login")).isEqualTo(10_001);
		assertThat(this.jdbc.sql("SELECT max(address::int) FROM failed_login WHERE account = 'crowd'::bytea")
			.query(Integer.class)
			.single()).as("the latest stay").isEqualTo(10_000);
	}

	private String begin(UUID user) {
		return this.sessions.begin(new LogIn.LoggedIn(user, 0, Instant.now()), null, Set.of())
			.orElseThrow()
			.refreshToken()
			.getTokenValue();
	}

	private UUID registered(String email) {
		register(email);
		return idOf(email);
	}

	private int sessionsOf(UUID user) {
		return this.jdbc.sql("SELECT count(*) FROM session WHERE user_id = ?")
			.param(user)
			.query(Integer.class)
			.single();
	}

	private Answer logInFrom(String address, String password) {
		return logIn("ann@example.com", password, "X-Forwarded-For", address, "X-Edge-Secret", "of the tests");
	}

	private boolean somebodyWaitsForARow() {
		return this.jdbc
			.sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%app_user%'")
			.query(Boolean.class)
			.single();
	}

	private int count(String table) {
		return this.jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
	}

	private long allocatedToCheck(String email) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThat(this.logInCheck.check(email, "wrong password", null, "203.0.113.7"))
			.isInstanceOf(LogIn.BadCredentials.class);
		return threads.getCurrentThreadAllocatedBytes() - before;
	}

}
