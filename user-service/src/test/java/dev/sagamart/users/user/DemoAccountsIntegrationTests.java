package dev.sagamart.users.user;

import dev.sagamart.users.UsersTest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** One instance has the profile {@code demo}, and the usual one of the tests has not. */
@ExtendWith(OutputCaptureExtension.class)
class DemoAccountsIntegrationTests extends UsersTest {

	private static final List<String> WORDS = List.of("alice", "bob", "admin");

	@Autowired
	private Accounts accounts;

	private @Nullable String demo;

	@Override
	protected String base() {
		return (this.demo != null) ? this.demo : super.base();
	}

	@Test
	void doNotOutliveTheDemo(CapturedOutput output) {
		List<Answer> sessions;
		try (ConfigurableApplicationContext _ = startDemo()) {
			sessions = WORDS.stream().map(this::logInToDemo).toList();
			assertThat(sessions).extracting(Answer::status).containsOnly(201);
			assertThat(get("/api/v1/users", sessions.getLast().text("accessToken")).status()).isEqualTo(200);
			assertThat(get("/api/v1/users", sessions.getFirst().text("accessToken")).status()).isEqualTo(403);
		}
		assertThat(output).doesNotContain("Accounts of the demo in the database");
		this.demo = null;
		String root = admin();
		register("ann@example.com");
		List<String> before = state();
		start();
		assertThat(output).containsOnlyOnce("Accounts of the demo in the database: 3. Without the profile demo");
		for (String word : WORDS) {
			assertThat(logInToDemo(word).code()).as(word).isEqualTo("BAD_CREDENTIALS");
		}
		for (Answer session : sessions) {
			assertThat(refresh(session.text("refreshToken")).code()).isEqualTo("INVALID_REFRESH_TOKEN");
			assertThat(get("/api/v1/users/me", session.text("accessToken")).code()).isEqualTo("INVALID_TOKEN");
		}
		String admins = sessions.getLast().text("accessToken");
		assertThat(call("PUT", "/api/v1/users/" + idOf("ann@example.com") + "/roles", admins,
				Map.of("roles", List.of("ADMIN")))
			.code()).isEqualTo("INVALID_TOKEN");
		assertThat(call("DELETE", "/api/v1/users/me", root, null).code()).as("the demo's ADMIN is none")
			.isEqualTo("LAST_ADMIN");
		assertThat(state()).isEqualTo(before);
		try (ConfigurableApplicationContext _ = startDemo()) {
			for (Answer session : sessions) {
				assertThat(refresh(session.text("refreshToken")).status()).isEqualTo(200);
			}
			assertThat(WORDS).allSatisfy((word) -> assertThat(logInToDemo(word).status()).isEqualTo(201));
		}
		assertThat(demoAccounts()).isEqualTo(3);
	}

	@Test
	void areRecognisedIfTheVersionBeforeMadeThem() {
		register("bob@sagamart.example");
		start("demo");
		this.jdbc.sql("UPDATE app_user SET demo = false").update();
		assertThat(logInToDemo("alice").status()).isEqualTo(201);
		start();
		assertThat(demoAccounts()).as("all but the one with a password of its own").isEqualTo(2);
		assertThat(logInToDemo("alice").code()).isEqualTo("BAD_CREDENTIALS");
		assertThat(logInToDemo("admin").code()).isEqualTo("BAD_CREDENTIALS");
		assertThat(logIn("bob@sagamart.example", PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void areSaidNothingOfWhereThereAreNone(CapturedOutput output) {
		register("alice@sagamart.example");
		start();
		assertThat(output).doesNotContain("Accounts of the demo");
		assertThat(demoAccounts()).isZero();
	}

	private void start(String... profiles) {
		MockEnvironment environment = new MockEnvironment();
		environment.setActiveProfiles(profiles);
		new DemoAccounts(this.accounts, environment).afterSingletonsInstantiated();
	}

	private Answer logInToDemo(String word) {
		return logIn(word + "@sagamart.example", word + "-demo-password");
	}

	private int demoAccounts() {
		return this.jdbc.sql("SELECT count(*) FROM app_user WHERE demo").query(Integer.class).single();
	}

	private List<String> state() {
		return this.jdbc
			.sql("SELECT u::text FROM app_user u UNION ALL SELECT s::text FROM session s"
					+ " UNION ALL SELECT t::text FROM refresh_token t ORDER BY 1")
			.query(String.class)
			.list();
	}

	/** Another instance on the same database, which is asked from now on. */
	private ConfigurableApplicationContext startDemo() {
		ConfigurableApplicationContext context = startAnother("--spring.profiles.active=demo");
		this.demo = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
		return context;
	}

}
