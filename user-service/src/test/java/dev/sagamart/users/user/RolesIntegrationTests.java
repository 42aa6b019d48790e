package dev.sagamart.users.user;

import dev.sagamart.platform.test.TestServers;
import dev.sagamart.users.UsersTest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What somebody may do is what their row says at that moment. */
class RolesIntegrationTests extends UsersTest {

	private static final Map<String, List<String>> ADMIN = Map.of("roles", List.of("ADMIN"));

	private static final Map<String, List<String>> CUSTOMER = Map.of("roles", List.of("CUSTOMER"));

	private static final String ROTATION = "/api/v1/operations/user/signing-keys/rotation";

	/** A request with a token that was good once. */
	private record Attempt(String method, String path, Object body) {
	}

	@Test
	void takesNothingFromATokenThatIsOlderThanTheLossOfTheRole() {
		String root = admin();
		String eve = anotherAdmin(root, "eve@example.com");
		register("friend@example.com");
		assertThat(call("PUT", roles("eve@example.com"), root, CUSTOMER).status()).isEqualTo(200);
		List<String> before = state();
		assertThat(forAdmins()).allSatisfy((attempt) -> {
			Answer answer = call(attempt.method(), attempt.path(), eve, attempt.body());
			assertThat(answer.status() + " " + answer.code()).as("%s", attempt).isEqualTo("401 INVALID_TOKEN");
		});
		assertThat(state()).isEqualTo(before);
		String today = logIn("eve@example.com", PASSWORD).text("accessToken");
		assertThat(get("/api/v1/users/me", today).json().get("roles").toString()).isEqualTo("[\"CUSTOMER\"]");
		assertThat(get("/api/v1/users", today).code()).isEqualTo("ACCESS_DENIED");
	}

	@Test
	void takesNothingFromTheTokenOfSomebodyWhoIsErased() {
		String root = admin();
		String eve = anotherAdmin(root, "eve@example.com");
		register("friend@example.com");
		String own = roles("eve@example.com");
		assertThat(call("DELETE", "/api/v1/users/me", eve, null).status()).isEqualTo(204);
		List<String> before = state();
		Map<String, String> address = Map.of("recipient", "E", "line1", "Street 1", "city", "Town", "postalCode",
				"12345", "country", "DE");
		Stream<Attempt> asThemselves = Stream.of(new Attempt("GET", "/api/v1/users/me", null),
				new Attempt("PUT", "/api/v1/users/me", Map.of("name", "E")),
				new Attempt("DELETE", "/api/v1/users/me", null), new Attempt("GET", "/api/v1/users/me/addresses", null),
				new Attempt("POST", "/api/v1/users/me/addresses", address),
				new Attempt("DELETE", "/api/v1/users/me/addresses/" + UUID.randomUUID(), null),
				new Attempt("GET", "/api/v1/users/me/preferences", null),
				new Attempt("PUT", "/api/v1/users/me/preferences",
						Map.of("locale", "de", "currency", "EUR", "marketingEmails", true)),
				new Attempt("GET", "/api/v1/users/me/notifications", null),
				new Attempt("DELETE", "/api/v1/sessions/current", Map.of("refreshToken", "x")),
				new Attempt("GET", "/userinfo", null), new Attempt("PUT", own, ADMIN));
		assertThat(Stream.concat(asThemselves, forOthers().stream())).allSatisfy((attempt) -> {
			Answer answer = call(attempt.method(), attempt.path(), eve, attempt.body());
			assertThat(answer.status() + " " + answer.code()).as("%s", attempt).isEqualTo("401 INVALID_TOKEN");
			assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
		});
		assertThat(state()).isEqualTo(before);
		assertThat(call("POST", "/api/v1/sessions", eve, Map.of("email", "friend@example.com", "password", PASSWORD))
			.status()).as("what anyone may do").isEqualTo(201);
	}

	/** The access rules have let the request in, and then the role is gone. */
	@ParameterizedTest
	@ValueSource(strings = { "roles", "list", "one", "rotation" })
	void looksAgainInTheTransactionThatDoesIt(String what) throws Exception {
		String root = admin();
		String eve = anotherAdmin(root, "eve@example.com");
		register("friend@example.com");
		List<String> before = state();
		UUID id = idOf("eve@example.com");
		Attempt attempt = switch (what) {
			case "roles" -> new Attempt("PUT", roles("friend@example.com"), ADMIN);
			case "list" -> new Attempt("GET", "/api/v1/users", null);
			case "one" -> new Attempt("GET", "/api/v1/users/" + id, null);
			default -> new Attempt("POST", ROTATION, null);
		};
		try (Connection other = TestServers.postgres().connect("users"); Statement sql = other.createStatement()) {
			other.setAutoCommit(false);
			sql.executeUpdate("UPDATE users.app_user SET roles = '{CUSTOMER}' WHERE id = '" + id + "'");
			CompletableFuture<Answer> answer = CompletableFuture
				.supplyAsync(() -> call(attempt.method(), attempt.path(), eve, attempt.body()));
			Awaitility.await().until(this::somebodyWaitsForARow);
			other.commit();
			assertThat(answer.get().status() + " " + answer.get().code()).isEqualTo("401 INVALID_TOKEN");
		}
		this.jdbc.sql("UPDATE app_user SET roles = '{ADMIN}' WHERE id = ?").param(id).update();
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void leavesAnAdmin() throws Exception {
		String root = admin();
		Answer refused = call("PUT", roles("root@example.com"), root, CUSTOMER);
		assertThat(refused.status()).isEqualTo(409);
		assertThat(refused.code()).isEqualTo("LAST_ADMIN");
		assertThat(call("DELETE", "/api/v1/users/me", root, null).code()).isEqualTo("LAST_ADMIN");
		assertThat(get("/api/v1/users/me", root).status()).isEqualTo(200);
		String ann = anotherAdmin(root, "ann@example.com");
		assertThat(both(() -> call("PUT", roles("root@example.com"), root, CUSTOMER).status(),
				() -> call("PUT", roles("ann@example.com"), ann, CUSTOMER).status()))
			.containsExactlyInAnyOrder(200, 409);
		assertThat(admins()).isEqualTo(1);
	}

	@Test
	void letsOneOfTwoAdminsTakeTheRoleFromTheOther() throws Exception {
		String root = admin();
		String ann = anotherAdmin(root, "ann@example.com");
		assertThat(both(() -> call("PUT", roles("ann@example.com"), root, CUSTOMER).status(),
				() -> call("PUT", roles("root@example.com"), ann, CUSTOMER).status()))
			.containsExactlyInAnyOrder(200, 401);
		assertThat(admins()).isEqualTo(1);
	}

	@Test
	void letsAnAdminBeErasedOrTakeTheRoleFromAnother() throws Exception {
		String root = admin();
		String ann = anotherAdmin(root, "ann@example.com");
		List<Integer> statuses = both(() -> call("DELETE", "/api/v1/users/me", ann, null).status(),
				() -> call("PUT", roles("root@example.com"), ann, CUSTOMER).status());
		assertThat(statuses).isIn(List.of(204, 401), List.of(409, 200));
		assertThat(admins()).isEqualTo(1);
	}

	private String anotherAdmin(String root, String email) {
		register(email);
		assertThat(call("PUT", roles(email), root, ADMIN).status()).isEqualTo(200);
		return logIn(email, PASSWORD).text("accessToken");
	}

	private String roles(String email) {
		return "/api/v1/users/" + idOf(email) + "/roles";
	}

	private List<Attempt> forAdmins() {
		return Stream.concat(Stream.of(new Attempt("PUT", roles("eve@example.com"), ADMIN)), forOthers().stream())
			.toList();
	}

	private List<Attempt> forOthers() {
		return List.of(new Attempt("PUT", roles("friend@example.com"), ADMIN),
				new Attempt("PUT", roles("root@example.com"), CUSTOMER), new Attempt("GET", "/api/v1/users", null),
				new Attempt("GET", "/api/v1/users/" + idOf("friend@example.com"), null),
				new Attempt("POST", ROTATION, null), new Attempt("GET", "/api/v1/operations/user/dead-letters", null),
				new Attempt("POST", "/api/v1/operations/user/dead-letters/" + UUID.randomUUID() + "/replay", null));
	}

	private static List<Integer> both(IntSupplier one, IntSupplier other) throws Exception {
		CompletableFuture<Integer> first = CompletableFuture.supplyAsync(one::getAsInt);
		CompletableFuture<Integer> second = CompletableFuture.supplyAsync(other::getAsInt);
		return List.of(first.get(), second.get());
	}

	/** Who is what, and which keys there are. */
	private List<String> state() {
		return this.jdbc
			.sql("SELECT id || ' ' || roles::text || ' ' || coalesce(erased_at::text, '') FROM app_user"
					+ " UNION ALL SELECT id FROM signing_key ORDER BY 1")
			.query(String.class)
			.list();
	}

	private int admins() {
		return this.jdbc.sql("SELECT count(*) FROM app_user WHERE 'ADMIN' = ANY (roles) AND erased_at IS NULL")
			.query(Integer.class)
			.single();
	}

	private boolean somebodyWaitsForARow() {
		return this.jdbc
			.sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%app_user%'")
			.query(Boolean.class)
			.single();
	}

}
