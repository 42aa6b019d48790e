package dev.sagamart.platform.test;

import dev.sagamart.platform.test.sample.SampleApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TestTokensTests {

	private static final TestTokens TOKENS = TestTokens.shared();

	private final JwtDecoder decoder = SampleApplication.jwtDecoder(TOKENS.jwksUri());

	@Test
	void areLikeThoseOfUserService() {
		UUID user = UUID.randomUUID();
		Jwt token = this.decoder.decode(TOKENS.customer(user));
		assertThat(token.getSubject()).isEqualTo(user.toString());
		assertThat(token.getClaimAsStringList("roles")).containsExactly("CUSTOMER");
		assertThat(token.getAudience()).containsExactly("sagamart");
		assertThat(token.getId()).isNotBlank();
		assertThat(token.getExpiresAt()).isAfter(Instant.now().plusSeconds(800));
		assertThat(this.decoder.decode(TOKENS.admin(user)).getClaimAsStringList("roles")).containsExactly("ADMIN");
	}

	@Test
	void areIssuedForClientCredentials() throws Exception {
		HttpResponse<String> given = ask("a-secret");
		assertThat(given.statusCode()).isEqualTo(200);
		JsonNode answer = JsonMapper.shared().readTree(given.body());
		Jwt token = this.decoder.decode(answer.get("access_token").asString());
		assertThat(token.getSubject()).isEqualTo("order-service");
		assertThat(token.getClaimAsString("scope")).isEqualTo("catalogue.read");
		assertThat(token.hasClaim("roles")).isFalse();
		assertThat(ask(TestTokens.WRONG_SECRET).statusCode()).isEqualTo(401);
	}

	@Test
	void areNotIssuedForOtherGrants() throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(TOKENS.tokenUri()))
				.POST(HttpRequest.BodyPublishers.ofString("grant_type=password"));
			assertThat(client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode())
				.isEqualTo(401);
			// order-service:secret
			request.header("Authorization", "Basic b3JkZXItc2VydmljZTpzZWNyZXQ=");
			assertThat(client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode())
				.isEqualTo(401);
		}
	}

	private static HttpResponse<String> ask(String secret) throws Exception {
		String credentials = Base64.getEncoder()
			.encodeToString(("order-service:" + secret).getBytes(StandardCharsets.UTF_8));
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(HttpRequest.newBuilder(URI.create(TOKENS.tokenUri()))
				.header("Authorization", "Basic " + credentials)
				.POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=catalogue.read"))
				.build(), HttpResponse.BodyHandlers.ofString());
		}
	}

	static List<String> bad() {
		return List.of(TOKENS.token().issuer("https://elsewhere").compact(),
				TOKENS.token().audience("somebody").compact(),
				TOKENS.token().expiresAt(Instant.now().minusSeconds(3600)).compact(),
				TOKENS.token().notBefore(Instant.now().plusSeconds(3600)).compact(),
				TOKENS.token().header("typ", "JWT").compact(), TOKENS.token().header("typ", null).compact(),
				TOKENS.token().claim("iss", null).compact(), TOKENS.token().header("kid", "another").compact(),
				TOKENS.token().signedBy(TestTokens.newKeys().getPrivate()).compact(), TOKENS.token().unsigned(),
				TOKENS.token().signedWithPublicKeyAsSecret());
	}

	@ParameterizedTest
	@MethodSource("bad")
	void mayBeInvalid(String token) {
		assertThatExceptionOfType(JwtException.class).isThrownBy(() -> this.decoder.decode(token));
	}

}
