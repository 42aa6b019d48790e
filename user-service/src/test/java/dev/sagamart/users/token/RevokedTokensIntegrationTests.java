package dev.sagamart.users.token;

import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.users.UsersTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class RevokedTokensIntegrationTests extends UsersTest {

	private static final Map<String, List<String>> BOTH = Map.of("roles", List.of("CUSTOMER", "ADMIN"));

	@Test
	void takesBackNothingByItself() {
		String ann = customer("ann@example.com");
		assertThat(list()).isEmpty();
		assertThat(get("/api/v1/users/me", ann).status()).isEqualTo(200);
	}

	@Test
	void takesTokensBackWhenRolesChange() {
		String root = admin();
		String ann = customer("ann@example.com");
		UUID id = idOf("ann@example.com");
		assertThat(call("PUT", "/api/v1/users/" + id + "/roles", root, BOTH).status()).isEqualTo(200);
		assertThat(get("/api/v1/users/me", ann).code()).isEqualTo("INVALID_TOKEN");
		assertThat(list()).hasSize(1);
		assertThat(list().get(RevokedTokens.hashOf(id.toString())).asLong()).isEqualTo(1);
		assertThat(list().toString()).doesNotContain(id.toString());
		assertThat(get("/api/v1/users/me", logIn("ann@example.com", PASSWORD).text("accessToken")).status())
			.isEqualTo(200);
	}

	@Test
	void leavesTokensAloneWhenNothingChanges() {
		String root = admin();
		String ann = customer("ann@example.com");
		assertThat(call("PUT", "/api/v1/users/" + idOf("ann@example.com") + "/roles", root,
				Map.of("roles", List.of("CUSTOMER")))
			.status()).isEqualTo(200);
		assertThat(get("/api/v1/users/me", ann).status()).isEqualTo(200);
		assertThat(list()).isEmpty();
	}

	@Test
	void goesOnWithTheSession() {
		String root = admin();
		register("ann@example.com");
		Answer before = logIn("ann@example.com", PASSWORD);
		call("PUT", "/api/v1/users/" + idOf("ann@example.com") + "/roles", root, BOTH);
		String after = refresh(before.text("refreshToken")).text("accessToken");
		assertThat(get("/api/v1/users", after).status()).isEqualTo(200);
	}

	@Test
	void takesTokensBackWhenTheirUserIsErased() {
		String ann = customer("ann@example.com");
		UUID id = idOf("ann@example.com");
		assertThat(call("DELETE", "/api/v1/users/me", ann, null).status()).isEqualTo(204);
		assertThat(list().get(RevokedTokens.hashOf(id.toString())).asLong()).isEqualTo(1);
	}

	/** Fifteen minutes that tokens live, and five for clocks that differ. */
	@ParameterizedTest
	@ValueSource(ints = { 19, 21 })
	void forgetsWhatHasExpiredEverywhere(int minutes) {
		String ann = customer("ann@example.com");
		call("DELETE", "/api/v1/users/me", ann, null);
		this.jdbc.sql("UPDATE app_user SET tokens_revoked_at = tokens_revoked_at - make_interval(mins => ?)")
			.param(minutes)
			.update();
		assertThat(list()).hasSize((minutes < 20) ? 1 : 0);
	}

	@Test
	void publishesNoMoreThanServicesCanRead() {
		this.jdbc
			.sql("INSERT INTO app_user (id, roles, created_at, erased_at, token_generation, tokens_revoked_at)"
					+ " SELECT gen_random_uuid(), '{CUSTOMER}', now(), now(), 1, now() FROM generate_series(1, 20010)")
			.update();
		assertThat(list()).hasSize(20_000);
		assertThat(get("/oauth2/revoked-tokens", null).response().body().length()).isLessThan(1024 * 1024);
	}

	private JsonNode list() {
		Answer answer = get("/oauth2/revoked-tokens", null);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
		return answer.json().get("revoked");
	}

}
