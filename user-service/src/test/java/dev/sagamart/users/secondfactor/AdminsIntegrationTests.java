package dev.sagamart.users.secondfactor;

import com.nimbusds.jwt.SignedJWT;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.users.AuthenticatorApp;
import dev.sagamart.users.UsersTest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** As it is in production: an ADMIN without a second factor is a CUSTOMER. */
@PlatformTest
class AdminsIntegrationTests extends UsersTest {

	private static final String ROOT = "root@example.com";

	private static final String ANN = "ann@example.com";

	private static final Map<String, List<String>> ADMIN = Map.of("roles", List.of("ADMIN"));

	private static final Map<String, List<String>> CUSTOMER = Map.of("roles", List.of("CUSTOMER"));

	/** Somebody who has the role, and what they need for it. */
	private record Admin(String token, AuthenticatorApp app) {
	}

	@Test
	void areCustomersUntilTheyEnrol() throws Exception {
		String root = admin();
		assertThat(rolesIn(root)).containsExactly("CUSTOMER");
		register(ANN);
		assertThat(get("/api/v1/users", root).code()).isEqualTo("ACCESS_DENIED");
		assertThat(call("PUT", roles(ANN), root, ADMIN).code()).isEqualTo("ACCESS_DENIED");
		assertThat(get("/api/v1/users/me/addresses", root).status()).isEqualTo(200);
		AuthenticatorApp app = enrol(root);
		String enrolled = logInWithCode(ROOT, app.codeIn(1)).text("accessToken");
		assertThat(rolesIn(enrolled)).containsExactly("ADMIN");
		assertThat(get("/api/v1/users", enrolled).status()).isEqualTo(200);
		assertThat(call("PUT", roles(ANN), enrolled, ADMIN).status()).isEqualTo(200);
		assertThat(get("/api/v1/users/" + idOf(ANN), enrolled).json().get("roles").toString())
			.as("by right, and not for now")
			.isEqualTo("[\"ADMIN\"]");
		assertThat(rolesIn(logIn(ANN, PASSWORD).text("accessToken"))).containsExactly("CUSTOMER");
	}

	@Test
	void loseTheRoleForNowWithTheSecondFactor() throws Exception {
		Admin root = adminWithSecondFactor(ROOT);
		assertThat(call("DELETE", "/api/v1/users/me/second-factor", root.token(),
				Map.of("password", PASSWORD, "code", root.app().recoveryCodes().getFirst()))
			.status()).isEqualTo(204);
		assertThat(get("/api/v1/users", root.token()).code()).isEqualTo("INVALID_TOKEN");
		assertThat(get("/oauth2/revoked-tokens", null).json().get("revoked")).hasSize(1);
		assertThat(rolesIn(logIn(ROOT, PASSWORD).text("accessToken"))).containsExactly("CUSTOMER");
	}

	/** They can enrol, so the shop is not without one. */
	@Test
	void countByRightWhenTheLastOneWantsToGo() {
		String root = admin();
		assertThat(call("DELETE", "/api/v1/users/me", root, null).code()).isEqualTo("LAST_ADMIN");
		Admin ann = adminWithSecondFactor(ANN);
		assertThat(call("PUT", roles(ROOT), ann.token(), CUSTOMER).status()).isEqualTo(200);
		assertThat(call("PUT", roles(ANN), ann.token(), CUSTOMER).code()).isEqualTo("LAST_ADMIN");
	}

	@Test
	void helpWhoeverHasLostPhoneAndCodes() {
		Admin root = adminWithSecondFactor(ROOT);
		String bob = customer("bob@example.com");
		enrol(customer(ANN));
		String path = "/api/v1/users/" + idOf(ANN) + "/second-factor";
		assertThat(call("DELETE", path, null, null).status()).isEqualTo(401);
		assertThat(call("DELETE", path, bob, null).code()).isEqualTo("ACCESS_DENIED");
		assertThat(logIn(ANN, PASSWORD).code()).isEqualTo("SECOND_FACTOR_REQUIRED");
		assertThat(call("DELETE", path, root.token(), null).status()).isEqualTo(204);
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(201);
		assertThat(call("DELETE", path, root.token(), null).status()).isEqualTo(404);
		assertThat(call("DELETE", "/api/v1/users/" + UUID.randomUUID() + "/second-factor", root.token(), null).status())
			.isEqualTo(404);
		assertThat(call("DELETE", "/api/v1/users/x/second-factor", root.token(), null).status()).isEqualTo(400);
	}

	@Test
	void endTheSessionsOfWhomTheyHelp() {
		Admin root = adminWithSecondFactor(ROOT);
		AuthenticatorApp app = enrol(customer(ANN));
		Answer session = logInWithCode(ANN, app.codeIn(1));
		assertThat(call("DELETE", "/api/v1/users/" + idOf(ANN) + "/second-factor", root.token(), null).status())
			.isEqualTo(204);
		assertThat(refresh(session.text("refreshToken")).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(get("/api/v1/users/me", session.text("accessToken")).code()).isEqualTo("INVALID_TOKEN");
	}

	/** The second of them is none any more, and nobody waits in a circle. */
	@Test
	void takeItFromEachOtherOneAfterTheOther() throws Exception {
		Admin root = adminWithSecondFactor(ROOT);
		Admin ann = adminWithSecondFactor(ANN);
		String fromRoot = "/api/v1/users/" + idOf(ROOT) + "/second-factor";
		String fromAnn = "/api/v1/users/" + idOf(ANN) + "/second-factor";
		CompletableFuture<Integer> one = CompletableFuture
			.supplyAsync(() -> call("DELETE", fromAnn, root.token(), null).status());
		CompletableFuture<Integer> other = CompletableFuture
			.supplyAsync(() -> call("DELETE", fromRoot, ann.token(), null).status());
		assertThat(List.of(one.get(), other.get())).containsExactlyInAnyOrder(204, 401);
	}

	/** The access rules have let the request in, and then the second factor is gone. */
	@ParameterizedTest
	@ValueSource(strings = { "roles", "list", "rotation", "removal" })
	void areLookedAtAgainInTheTransactionThatDoesIt(String what) throws Exception {
		Admin root = adminWithSecondFactor(ROOT);
		enrol(customer(ANN));
		UUID id = idOf(ROOT);
		String friend = "/api/v1/users/" + idOf(ANN);
		try (Connection other = TestServers.postgres().connect("users"); Statement sql = other.createStatement()) {
			other.setAutoCommit(false);
			sql.executeUpdate("UPDATE users.app_user SET sessions_ended_at = now() WHERE id = '" + id + "'");
			sql.executeUpdate("DELETE FROM users.second_factor WHERE user_id = '" + id + "'");
			CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> switch (what) {
				case "roles" -> call("PUT", friend + "/roles", root.token(), ADMIN);
				case "list" -> get("/api/v1/users", root.token());
				case "rotation" -> call("POST", "/api/v1/operations/user/signing-keys/rotation", root.token(), null);
				default -> call("DELETE", friend + "/second-factor", root.token(), null);
			});
			Awaitility.await().until(this::somebodyWaitsForARow);
			other.commit();
			assertThat(answer.get().status() + " " + answer.get().code()).isEqualTo("401 INVALID_TOKEN");
		}
		assertThat(this.jdbc.sql("SELECT count(*) FROM second_factor").query(Integer.class).single()).isEqualTo(1);
	}

	@Test
	void needNoneInTheDemo() {
		try (ConfigurableApplicationContext demo = startAnother("--spring.profiles.active=demo");
				ConfigurableApplicationContext production = startAnother()) {
			assertThat(isRequired(demo)).isFalse();
			assertThat(isRequired(production)).isTrue();
		}
	}

	private static boolean isRequired(ConfigurableApplicationContext instance) {
		return instance.getEnvironment().getProperty("sagamart.second-factor.required", Boolean.class, true);
	}

	private Admin adminWithSecondFactor(String email) {
		String token = customer(email);
		this.jdbc.sql("UPDATE app_user SET roles = '{ADMIN}' WHERE id = ?").param(idOf(email)).update();
		AuthenticatorApp app = enrol(token);
		return new Admin(logInWithCode(email, app.codeIn(1)).text("accessToken"), app);
	}

	private static List<String> rolesIn(String token) throws Exception {
		return SignedJWT.parse(token).getJWTClaimsSet().getStringListClaim("roles");
	}

	private String roles(String email) {
		return "/api/v1/users/" + idOf(email) + "/roles";
	}

	private boolean somebodyWaitsForARow() {
		return this.jdbc
			.sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%app_user%'")
			.query(Boolean.class)
			.single();
	}

}
