package dev.sagamart.gateway.security;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.platform.test.TestTokens;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TokenCheckIntegrationTests extends GatewayTest {

	@Test
	void acceptsAValidToken() {
		assertThat(send(request("/api/v1/cart", CUSTOMER)).statusCode()).isEqualTo(200);
		assertThat(send(request("/api/v1/cart", CUSTOMER)).statusCode()).isEqualTo(200);
	}

	@Test
	void toleratesAClockSkewOfUpToAMinute() {
		assertThat(cartWith(TOKENS.token()
			.claim("iat", Instant.now().minusSeconds(900).getEpochSecond())
			.notBefore(Instant.now().minusSeconds(900))
			.expiresAt(Instant.now().minusSeconds(40))
			.compact())).isEqualTo(200);
		assertThat(cartWith(TOKENS.token().notBefore(Instant.now().plusSeconds(40)).compact())).isEqualTo(200);
	}

	@Test
	void refusesARevokedToken() {
		UUID user = UUID.randomUUID();
		String old = TOKENS.customer(user);
		assertThat(cartWith(old)).isEqualTo(200);
		TOKENS.revoke(user);
		Awaitility.await().until(() -> cartWith(old), (status) -> status == 401);
		assertThat(cartWith(TOKENS.token().subject(user.toString()).claim("gen", 1).compact())).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "admin, 200", "openid admin orders, 200", "orders, 403", "'', 403", "ADMIN, 403" })
	void requiresTheScopeAdminOfClients(String scopes, int status) {
		String token = TOKENS.token()
			.roles("ADMIN")
			.claim("client_id", "sagamart-web")
			.claim("scope", scopes)
			.compact();
		assertThat(send(request("/api/v1/operations/sagas", token)).statusCode()).isEqualTo(status);
	}

	static Stream<Arguments> badTokens() {
		TestTokens tokens = TestTokens.shared();
		String good = tokens.token().compact();
		return Stream.of(Arguments.of("nothing", ""), Arguments.of("no token", "x"),
				Arguments.of("unsigned", tokens.token().unsigned()),
				Arguments.of("public key as secret", tokens.token().signedWithPublicKeyAsSecret()),
				Arguments.of("another key", tokens.token().signedBy(TestTokens.newKeys().getPrivate()).compact()),
				Arguments.of("unknown key id", tokens.token().header("kid", "other").compact()),
				Arguments.of("key id with a path", tokens.token().header("kid", "../../dev/null").compact()),
				Arguments.of("no key id", tokens.token().header("kid", null).compact()),
				Arguments.of("RS512 in the header", tokens.token().header("alg", "RS512").compact()),
				Arguments.of("PS256 in the header", tokens.token().header("alg", "PS256").compact()),
				Arguments.of("another type", tokens.token().header("typ", "JWT").compact()),
				Arguments.of("no type", tokens.token().header("typ", null).compact()),
				Arguments.of("an unknown critical header",
						tokens.token().header("crit", List.of("x")).header("x", 1).compact()),
				Arguments.of("a remote key",
						tokens.token().header("kid", "r").header("jku", "http://127.0.0.1:1/jwks").compact()),
				Arguments.of("a key of its own",
						tokens.token().header("kid", "r").header("jwk", Map.of("kty", "oct", "k", "AAAA")).compact()),
				Arguments.of("another issuer", tokens.token().issuer("http://evil.example").compact()),
				Arguments.of("no issuer", tokens.token().claim("iss", null).compact()),
				Arguments.of("another audience", tokens.token().audience("other").compact()),
				Arguments.of("no audience", tokens.token().claim("aud", null).compact()),
				Arguments.of("no subject", tokens.token().claim("sub", null).compact()),
				Arguments.of("empty subject", tokens.token().claim("sub", "").compact()),
				Arguments.of("roles that are a word", tokens.token().claim("roles", "ADMIN").compact()),
				Arguments.of("roles in a list in a list",
						tokens.token().claim("roles", List.of(List.of("ADMIN"))).compact()),
				Arguments.of("expired",
						tokens.token()
							.claim("iat", Instant.now().minusSeconds(900).getEpochSecond())
							.notBefore(Instant.now().minusSeconds(900))
							.expiresAt(Instant.now().minusSeconds(90))
							.compact()),
				Arguments.of("no expiry", tokens.token().claim("exp", null).compact()),
				Arguments.of("not yet valid", tokens.token().notBefore(Instant.now().plusSeconds(600)).compact()),
				Arguments.of("changed content", changed(good)),
				Arguments.of("cut signature", good.substring(0, good.length() - 9)),
				Arguments.of("empty signature", good.substring(0, good.lastIndexOf('.') + 1)));
	}

	private static String changed(String token) {
		String other = TestTokens.shared().admin(UUID.randomUUID());
		return token.substring(0, token.indexOf('.')) + other.substring(other.indexOf('.'), other.lastIndexOf('.'))
				+ token.substring(token.lastIndexOf('.'));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badTokens")
	void refusesAnInvalidToken(String what, String token) {
		HttpResponse<String> response = send(request("/api/v1/cart", token));
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Bearer");
		assertThat(json(response).get("code").stringValue()).isEqualTo("INVALID_TOKEN");
		assertThat(ORDERS.seen()).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badTokens")
	void permitsPublicPathsWithAnInvalidToken(String what, String token) {
		assertThat(send(request("/api/v1/products", token)).statusCode()).isEqualTo(200);
		assertThat(
				send(request("/api/v1/sessions", token).POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode())
			.isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer", "Bearer a b", "bearer x", "Basic YTpi", "Basic", "Negotiate x", "nonsense" })
	void permitsPublicPathsWithAnyAuthorizationHeader(String authorization) {
		for (String path : List.of("/api/v1/products", "/api/v1/products/1", "/api/v1/products/1/recommendations",
				"/api/v1/products/1/image", "/api/v1/categories", "/oauth2/jwks", "/oauth2/authorize",
				"/.well-known/openid-configuration", "/openapi/gateway.json", "/openapi/users.json", "/docs/")) {
			assertThat(send(request(path).header("Authorization", authorization)).statusCode()).as(path).isEqualTo(200);
			assertThat(send(request(path).header("Authorization", authorization).HEAD()).statusCode()).as(path)
				.isEqualTo(200);
		}
		for (String path : List.of("/api/v1/users", "/api/v1/sessions", "/api/v1/sessions/refresh", "/oauth2/token",
				"/oauth2/revoke", "/login")) {
			assertThat(send(request(path).header("Authorization", authorization)
				.POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode()).as(path).isEqualTo(200);
		}
		assertThat(send(request("/api/v1/products").header("Authorization", authorization)
			.header("Authorization", "Bearer nonsense")).statusCode()).isEqualTo(200);
		assertThat(
				send(request("/api/v1/products").header("Authorization", "Bearer " + "x".repeat(12_000))).statusCode())
			.isEqualTo(200);
		assertThat(send(management("/actuator/health").header("Authorization", authorization)).statusCode())
			.isEqualTo(200);
	}

	@Test
	void refusesInvalidTokensWhereATokenIsRequired() {
		for (String path : List.of("/api/v1/users", "/api/v1/orders/1/events", "/api/v1/payments",
				"/api/v1/products/1/stock", "/api/v1/operations/sagas", "/api/v1/operations/audit")) {
			HttpResponse<String> refused = send(request(path, "nonsense"));
			assertThat(refused.statusCode()).as(path).isEqualTo(401);
			assertThat(json(refused).get("code").stringValue()).isEqualTo("INVALID_TOKEN");
			assertThat(send(request(path, "nonsense").HEAD()).statusCode()).as(path).isEqualTo(401);
		}
		for (String path : List.of("/api/v1/products", "/api/v1/products/1", "/api/v1/sessions/current")) {
			assertThat(send(request(path, "nonsense").DELETE()).statusCode()).as(path).isEqualTo(401);
		}
	}

	@Test
	void ignoresTokensInTheQueryAndTheBody() {
		assertThat(send(request("/api/v1/cart?access_token=" + CUSTOMER)).statusCode()).isEqualTo(401);
		assertThat(send(request("/api/v1/cart").header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString("access_token=" + CUSTOMER))).statusCode()).isEqualTo(401);
		assertThat(send(request("/api/v1/cart").header("Authorization", "Basic YTpi")).statusCode()).isEqualTo(401);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/products", "/api/v1/products/1", "/api/v1/products/1/recommendations",
			"/api/v1/products/1/image", "/api/v1/categories", "/oauth2/jwks", "/.well-known/openid-configuration" })
	void permitsPublicReads(String path) {
		assertThat(send(request(path)).statusCode()).isEqualTo(200);
		assertThat(send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody())).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/users", "/api/v1/sessions", "/api/v1/sessions/refresh", "/oauth2/token" })
	void permitsRegistrationAndLogIn(String path) {
		assertThat(send(request(path).POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/products", "/api/v1/products/1", "/api/v1/users/me/addresses", "/api/v1/users/",
			"/api/v1/sessions/other", "/api/v1/orders" })
	void requiresATokenForOtherWrites(String path) {
		assertThat(send(request(path).POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(401);
		assertThat(send(request(path).PUT(HttpRequest.BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(401);
		assertThat(send(request(path).DELETE()).statusCode()).isEqualTo(401);
	}

	@Test
	void requiresTheRoleAdminForOperations() {
		for (String path : List.of("/api/v1/operations/sagas", "/api/v1/operations/order/dead-letters")) {
			assertThat(send(request(path)).statusCode()).isEqualTo(401);
			HttpResponse<String> refused = send(request(path, CUSTOMER));
			assertThat(refused.statusCode()).isEqualTo(403);
			assertThat(json(refused).get("code").stringValue()).isEqualTo("ACCESS_DENIED");
			assertThat(send(request(path, TOKENS.token().claim("roles", null).compact())).statusCode()).isEqualTo(403);
			assertThat(ORDERS.seen()).isEmpty();
		}
		assertThat(send(request("/api/v1/operations/sagas", ADMIN)).statusCode()).isEqualTo(200);
	}

	private int cartWith(String token) {
		return send(request("/api/v1/cart", token)).statusCode();
	}

}
