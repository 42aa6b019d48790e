package dev.sagamart.platform.security;

import dev.sagamart.platform.sample.SampleTest;
import dev.sagamart.platform.test.TestTokens;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SampleTest
class AccessIntegrationTests {

	@Autowired
	RestTestClient client;

	@Autowired
	TestTokens tokens;

	@LocalManagementPort
	int managementPort;

	private final UUID user = UUID.randomUUID();

	@Test
	void aCustomerIsTheCaller() {
		EntityExchangeResult<byte[]> result = get("/me", this.tokens.customer(this.user));
		JsonNode me = json(result);
		assertThat(me.get("userId").asString()).isEqualTo(this.user.toString());
		assertThat(me.get("roles").get(0).asString()).isEqualTo("CUSTOMER");
		assertThat(me.get("mdcUserId").asString()).isEqualTo(this.user.toString());
		assertThat(get("/me", this.tokens.customer(this.user)).getStatus().value()).isEqualTo(200);
	}

	@Test
	void rolesThatNobodyKnowsGiveNothing() {
		assertThat(json(get("/me", this.tokens.token().roles("KING", "ADMIN").compact())).get("roles")).hasSize(1);
	}

	@Test
	void theRulesOfTheServiceHold() {
		problem(get("/admin/report", this.tokens.customer(this.user)), 403, "ACCESS_DENIED", "insufficient_scope");
		assertThat(get("/admin/report", this.tokens.admin(this.user)).getStatus().value()).isEqualTo(200);
		problem(get("/admin/report", null), 401, "UNAUTHENTICATED", "Bearer");
		problem(get("/open/fail/denied", this.tokens.customer(this.user)), 403, "ACCESS_DENIED", "insufficient_scope");
	}

	@Test
	void whoMayGetSomethingMayAskForItsHead() {
		assertThat(this.client.head().uri("/open/maybe").exchange().returnResult().getStatus().value()).isEqualTo(200);
		assertThat(this.client.head().uri("/admin/report").exchange().returnResult().getStatus().value())
			.isEqualTo(401);
	}

	@Test
	void whatNoRuleNamesNeedsAUser() {
		problem(get("/me", null), 401, "UNAUTHENTICATED", "Bearer");
		problem(get("/nothing-here", null), 401, "UNAUTHENTICATED", "Bearer");
		problem(get("/me", this.tokens.token().subject("order-service").compact()), 403, "ACCESS_DENIED",
				"insufficient_scope");
		problem(get("/me", this.tokens.token().subject("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz").compact()), 403,
				"ACCESS_DENIED", "insufficient_scope");
	}

	@Test
	void aClientReachesWhatItsScopesName() {
		assertThat(get("/me", ofClient("payments")).getStatus().value()).isEqualTo(200);
		assertThat(json(get("/me", ofClient("payments"))).get("roles")).hasSize(1);
		assertThat(get("/admin/report", ofClient("payments admin")).getStatus().value()).isEqualTo(200);
		for (String scopes : List.of("", "admin", "openid profile", "other", "PAYMENTS")) {
			problem(get("/me", ofClient(scopes)), 403, "ACCESS_DENIED", "insufficient_scope");
			problem(get("/admin/report", ofClient(scopes)), 403, "ACCESS_DENIED", "insufficient_scope");
		}
		problem(get("/admin/report", ofClient("payments")), 403, "ACCESS_DENIED", "insufficient_scope");
		assertThat(get("/open/maybe", ofClient("other")).getStatus().value()).isEqualTo(200);
	}

	private String ofClient(String scopes) {
		return this.tokens.token()
			.subject(this.user.toString())
			.roles("CUSTOMER", "ADMIN")
			.claim("client_id", "a-client")
			.claim("scope", scopes)
			.compact();
	}

	@Test
	void aTokenThatWasTakenBackIsNoneAnyMore() {
		UUID erased = UUID.randomUUID();
		String old = this.tokens.customer(erased);
		assertThat(get("/me", old).getStatus().value()).isEqualTo(200);
		this.tokens.revoke(erased);
		await().untilAsserted(() -> problem(get("/me", old), 401, "INVALID_TOKEN", "invalid_token"));
		assertThat(get("/me", this.tokens.token().subject(erased.toString()).claim("gen", 1).compact()).getStatus()
			.value()).isEqualTo(200);
		assertThat(get("/me", this.tokens.customer(this.user)).getStatus().value()).isEqualTo(200);
		assertThat(get("/open/maybe", old).getResponseBody()).asString().isEqualTo("nobody");
	}

	@Test
	void aCallerMayBeMissingWhereThatIsSaid() {
		assertThat(get("/open/maybe", null).getResponseBody()).asString().isEqualTo("nobody");
		assertThat(get("/open/maybe", this.tokens.token().subject("order-service").compact()).getResponseBody())
			.asString()
			.isEqualTo("nobody");
		assertThat(get("/open/maybe", this.tokens.customer(this.user)).getResponseBody()).asString()
			.isEqualTo(this.user.toString());
		problem(get("/open/caller", null), 401, "UNAUTHENTICATED", "Bearer");
		problem(get("/open/caller", this.tokens.token().subject("order-service").compact()), 403, "ACCESS_DENIED",
				"insufficient_scope");
	}

	static Stream<Named<Function<TestTokens, String>>> refused() {
		KeyPair stranger = TestTokens.newKeys();
		Instant now = Instant.now();
		return Stream.of(named("nonsense", (_) -> "nonsense"), named("three parts of nonsense", (_) -> "a.b.c"),
				named("no algorithm", (tokens) -> tokens.token().unsigned()),
				named("public key as secret", (tokens) -> tokens.token().signedWithPublicKeyAsSecret()),
				named("another key", (tokens) -> tokens.token().signedBy(stranger.getPrivate()).compact()),
				named("another key without an id",
						(tokens) -> tokens.token().header("kid", null).signedBy(stranger.getPrivate()).compact()),
				named("unknown key id", (tokens) -> tokens.token().header("kid", "unknown").compact()),
				named("key id that is a path",
						(tokens) -> tokens.token()
							.header("kid", "../../../../dev/null")
							.signedBy(stranger.getPrivate())
							.compact()),
				named("embedded key",
						(tokens) -> tokens.token()
							.header("jwk", jwk(stranger))
							.signedBy(stranger.getPrivate())
							.compact()),
				named("remote key",
						(tokens) -> tokens.token()
							.header("jku", "http://127.0.0.1:1/keys")
							.header("x5u", "http://127.0.0.1:1/keys")
							.header("kid", "theirs")
							.signedBy(stranger.getPrivate())
							.compact()),
				named("critical header nobody understands",
						(tokens) -> tokens.token().header("crit", List.of("exp")).header("exp", 1).compact()),
				named("another algorithm in the header", (tokens) -> tokens.token().header("alg", "RS512").compact()),
				named("no type", (tokens) -> tokens.token().header("typ", null).compact()),
				named("an ID token", (tokens) -> tokens.token().header("typ", "JWT").compact()),
				named("another issuer", (tokens) -> tokens.token().issuer("http://localhost:8081").compact()),
				named("no issuer", (tokens) -> tokens.token().claim("iss", null).compact()),
				named("another audience", (tokens) -> tokens.token().audience("elsewhere").compact()),
				named("no audience", (tokens) -> tokens.token().claim("aud", null).compact()),
				named("no subject", (tokens) -> tokens.token().claim("sub", null).compact()),
				named("roles that are a word", (tokens) -> tokens.token().claim("roles", "ADMIN").compact()),
				named("roles in a list in a list",
						(tokens) -> tokens.token().claim("roles", List.of(List.of("ADMIN"))).compact()),
				named("an empty subject", (tokens) -> tokens.token().subject(" ").compact()),
				named("expired",
						(tokens) -> tokens.token()
							.claim("iat", now.minusSeconds(900).getEpochSecond())
							.notBefore(now.minusSeconds(900))
							.expiresAt(now.minusSeconds(62))
							.compact()),
				named("no expiry", (tokens) -> tokens.token().claim("exp", null).compact()),
				named("not yet valid",
						(tokens) -> tokens.token().notBefore(Instant.now().plus(Duration.ofSeconds(90))).compact()),
				named("changed after signing", (tokens) -> {
					String[] parts = tokens.token().compact().split("\\.");
					String claims = new String(Base64.getUrlDecoder().decode(parts[1])).replace("CUSTOMER", "ADMIN");
					return parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes())
							+ "." + parts[2];
				}));
	}

	@ParameterizedTest
	@MethodSource("refused")
	void aTokenThatIsNotOursIsRefused(Function<TestTokens, String> token) {
		EntityExchangeResult<byte[]> result = get("/me", token.apply(this.tokens));
		problem(result, 401, "INVALID_TOKEN", "invalid_token");
		assertThat(new String(Objects.requireNonNull(result.getResponseBody()))).doesNotContain("Jwt", "JWT", "Signed",
				"nimbus");
	}

	@ParameterizedTest
	@MethodSource("refused")
	void whatAnyoneMayCallWorksWithATokenThatIsNotOurs(Function<TestTokens, String> token) {
		assertThat(get("/open/maybe", token.apply(this.tokens)).getResponseBody()).asString().isEqualTo("nobody");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Bearer", "Bearer ", "Bearer a b", "Bearer ü", "bearer nonsense", "Basic YTpi",
			"Basic", "Negotiate x", "nonsense" })
	void whatAnyoneMayCallWorksWithAnyAuthorization(String authorization) {
		assertThat(with(authorization).getResponseBody()).asString().isEqualTo("nobody");
		assertThat(with(authorization, "Bearer nonsense").getResponseBody()).asString().isEqualTo("nobody");
		assertThat(with("Bearer " + "x".repeat(12_000)).getResponseBody()).asString().isEqualTo("nobody");
	}

	@Test
	void whatIsForSomeStaysClosedForATokenThatIsNotOurs() {
		problem(get("/admin/report", "nonsense"), 401, "INVALID_TOKEN", "invalid_token");
		problem(get("/nothing-here", "nonsense"), 401, "INVALID_TOKEN", "invalid_token");
		problem(get("/api/v1/operations/sample/dead-letters", "nonsense"), 401, "INVALID_TOKEN", "invalid_token");
	}

	@Test
	void clocksMayDifferByAMinute() {
		Instant now = Instant.now();
		assertThat(get("/me",
				this.tokens.token()
					.claim("iat", now.minusSeconds(900).getEpochSecond())
					.notBefore(now.minusSeconds(900))
					.expiresAt(now.minusSeconds(45))
					.compact())
			.getStatus()
			.value()).isEqualTo(200);
		assertThat(get("/me", this.tokens.token().notBefore(now.plusSeconds(45)).compact()).getStatus().value())
			.isEqualTo(200);
	}

	@Test
	void aTokenCountsInTheHeaderOnly() {
		String token = this.tokens.customer(this.user);
		problem(get("/me?access_token=" + token, null), 401, "UNAUTHENTICATED", "Bearer");
		problem(this.client.get()
			.uri("/me")
			.cookie("access_token", token)
			.header("X-User-Id", this.user.toString())
			.header("Authorization", "Basic YWxpY2U6YWxpY2U=")
			.exchange()
			.expectBody()
			.returnResult(), 401, "UNAUTHENTICATED", "Bearer");
	}

	@Test
	void strangersKeyIdsDoNotKeepOthersOut() {
		for (int i = 0; i < 20; i++) {
			problem(get("/me", this.tokens.token().header("kid", "flood-" + i).compact()), 401, "INVALID_TOKEN",
					"invalid_token");
		}
		assertThat(get("/me", this.tokens.customer(this.user)).getStatus().value()).isEqualTo(200);
	}

	@Test
	void nothingIsKeptBetweenRequests() {
		EntityExchangeResult<byte[]> result = get("/me", this.tokens.customer(this.user));
		assertThat(result.getResponseHeaders().containsHeader(HttpHeaders.SET_COOKIE)).isFalse();
		assertThat(result.getResponseHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(result.getResponseHeaders().getFirst("Content-Security-Policy")).contains("default-src 'none'");
		assertThat(result.getResponseHeaders().getFirst("Cache-Control")).contains("no-store");
		assertThat(result.getResponseHeaders().getFirst("Referrer-Policy")).isEqualTo("no-referrer");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/health", "/actuator/prometheus", "/actuator/env" })
	void noManagementPathAnswersOnTheApiPort(String path) {
		problem(get(path, null), 401, "UNAUTHENTICATED", "Bearer");
		assertThat(get(path, this.tokens.admin(this.user)).getStatus().value()).isEqualTo(404);
	}

	@Test
	void theManagementPortIsOpenForWhatItShows() {
		RestTestClient management = RestTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + this.managementPort)
			.build();
		management.get().uri("/actuator/health/liveness").exchange().expectStatus().isOk();
		management.get()
			.uri("/actuator/health/readiness")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.components.db.status")
			.isEqualTo("UP")
			.jsonPath("$.components.redis")
			.doesNotExist();
		get("/open/maybe", null);
		// A request is counted when its answer may already be here.
		await().untilAsserted(() -> assertThat(management.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody()).asString()
			.contains("http_server_requests_seconds_bucket", "service=\"sample-service\"", "hikaricp_connections",
					"uri=\"/open/maybe\""));
		for (String hidden : List.of("env", "beans", "heapdump", "shutdown", "loggers")) {
			management.get().uri("/actuator/" + hidden).exchange().expectStatus().is4xxClientError();
		}
	}

	private static Named<Function<TestTokens, String>> named(String name, Function<TestTokens, String> token) {
		return Named.of(name, token);
	}

	private static Map<String, Object> jwk(KeyPair keys) {
		RSAPublicKey key = (RSAPublicKey) keys.getPublic();
		Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
		return Map.of("kty", "RSA", "kid", "test-key", "n", encoder.encodeToString(key.getModulus().toByteArray()), "e",
				encoder.encodeToString(key.getPublicExponent().toByteArray()));
	}

	private EntityExchangeResult<byte[]> get(String uri, @Nullable String token) {
		return this.client.get().uri(uri).headers((headers) -> {
			if (token != null) {
				headers.setBearerAuth(token);
			}
		}).exchange().expectBody().returnResult();
	}

	private EntityExchangeResult<byte[]> with(String... authorizations) {
		return this.client.get()
			.uri("/open/maybe")
			.header(HttpHeaders.AUTHORIZATION, authorizations)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult();
	}

	private static JsonNode json(EntityExchangeResult<byte[]> result) {
		return JsonMapper.shared().readTree(Objects.requireNonNull(result.getResponseBody()));
	}

	private static void problem(EntityExchangeResult<byte[]> result, int status, String code, String challenge) {
		assertThat(result.getStatus().value()).isEqualTo(status);
		assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(json(result).get("code").asString()).isEqualTo(code);
		assertThat(result.getResponseHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE)).startsWith("Bearer")
			.contains(challenge);
		assertThat(result.getResponseHeaders().getFirst("X-Correlation-Id")).isNotBlank();
	}

}
