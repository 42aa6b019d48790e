package dev.sagamart.platform.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sagamart.platform.tokens.RevokedTokens;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Issues access tokens like user-service and publishes the public key at
 * {@link #jwksUri()}. Tests {@link WithTestServers} get that as the property
 * {@code JWKS_URI}.
 */
public final class TestTokens {

	/** The default of {@code TOKEN_ISSUER}. */
	public static final String ISSUER = "http://localhost:8080";

	public static final String AUDIENCE = "sagamart";

	/** The client secret that is refused. */
	public static final String WRONG_SECRET = "wrong";

	private static final String KEY_ID = "test-key";

	private static final SingletonSupplier<TestTokens> SHARED = SingletonSupplier.of(TestTokens::new);

	private final KeyPair keys = newKeys();

	private final Map<String, Long> revoked = new ConcurrentHashMap<>();

	private final HttpServer server;

	private TestTokens() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		byte[] jwks = new JWKSet(new RSAKey.Builder((RSAPublicKey) this.keys.getPublic()).keyUse(KeyUse.SIGNATURE)
			.algorithm(JWSAlgorithm.RS256)
			.keyID(KEY_ID)
			.build()).toString().getBytes(StandardCharsets.UTF_8);
		this.server.createContext("/oauth2/jwks", (exchange) -> answer(exchange, 200, jwks));
		this.server.createContext("/oauth2/revoked-tokens", (exchange) -> answer(exchange, 200,
				JsonMapper.shared().writeValueAsBytes(Map.of("revoked", this.revoked))));
		this.server.createContext("/oauth2/token", this::answerClient);
		this.server.setExecutor((task) -> Thread.ofVirtual().start(task));
		Thread.ofPlatform().daemon().start(this.server::start);
	}

	public static TestTokens shared() {
		return SHARED.obtain();
	}

	public String jwksUri() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/oauth2/jwks";
	}

	/**
	 * The token endpoint for services, which accepts any client secret except
	 * {@link #WRONG_SECRET}.
	 */
	public String tokenUri() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/oauth2/token";
	}

	/** A token of a service, without a user. */
	public String service(String clientId, String... scopes) {
		return token().subject(clientId).claim("roles", null).claim("scope", String.join(" ", scopes)).compact();
	}

	private void answerClient(HttpExchange exchange) throws IOException {
		try (exchange) {
			String credentials = Objects
				.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "Basic ")
				.substring("Basic ".length());
			String[] client = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8).split(":", 2);
			String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			boolean known = client.length == 2 && !client[1].equals(WRONG_SECRET)
					&& form.contains("grant_type=client_credentials");
			String scope = form.replaceFirst("(?:.*&)?scope=([^&]*).*", "$1");
			byte[] answer = JsonMapper.shared()
				.writeValueAsBytes(known ? Map.of("access_token", service(client[0], scope), "token_type", "Bearer",
						"expires_in", 900, "scope", scope) : Map.of("error", "invalid_client"));
			answer(exchange, known ? 200 : 401, answer);
		}
	}

	private static void answer(HttpExchange exchange, int status, byte[] json) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, json.length);
		try (OutputStream body = exchange.getResponseBody()) {
			body.write(json);
		}
	}

	/**
	 * Revokes the tokens of a user. Services notice it with their next request for
	 * revoked tokens.
	 */
	public void revoke(UUID userId) {
		this.revoked.merge(RevokedTokens.hashOf(userId.toString()), 1L, Long::sum);
	}

	/** A token of a customer, valid for 15 minutes. */
	public String customer(UUID userId) {
		return token().subject(userId.toString()).roles("CUSTOMER").compact();
	}

	public String admin(UUID userId) {
		return token().subject(userId.toString()).roles("ADMIN").compact();
	}

	/**
	 * Builds a token; by default it is a valid one of a new customer.
	 */
	public Builder token() {
		return new Builder();
	}

	/** Creates a key pair that no service trusts. */
	public static KeyPair newKeys() {
		try {
			return new RSAKeyGenerator(2048).generate().toKeyPair();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public final class Builder {

		private final Map<String, Object> header = new LinkedHashMap<>();

		private final Map<String, Object> claims = new LinkedHashMap<>();

		private PrivateKey key = TestTokens.this.keys.getPrivate();

		private Builder() {
			Instant now = Instant.now();
			this.header.putAll(Map.of("alg", "RS256", "kid", KEY_ID, "typ", "at+jwt"));
			this.claims.putAll(Map.of("iss", ISSUER, "aud", List.of(AUDIENCE), "sub", UUID.randomUUID().toString(),
					"roles", List.of("CUSTOMER"), "jti", UUID.randomUUID().toString(), "iat", now.getEpochSecond(),
					"nbf", now.getEpochSecond(), "exp", now.plus(Duration.ofMinutes(15)).getEpochSecond()));
		}

		public Builder subject(String subject) {
			return claim("sub", subject);
		}

		public Builder roles(String... roles) {
			return claim("roles", List.of(roles));
		}

		public Builder issuer(String issuer) {
			return claim("iss", issuer);
		}

		public Builder audience(String... audience) {
			return claim("aud", List.of(audience));
		}

		public Builder expiresAt(Instant instant) {
			return claim("exp", instant.getEpochSecond());
		}

		public Builder notBefore(Instant instant) {
			return claim("nbf", instant.getEpochSecond());
		}

		/** Sets a claim; {@code null} removes it. */
		public Builder claim(String name, @Nullable Object value) {
			this.claims.compute(name, (_, _) -> value);
			return this;
		}

		/** Sets a header; {@code null} removes it. */
		public Builder header(String name, @Nullable Object value) {
			this.header.compute(name, (_, _) -> value);
			return this;
		}

		/** Signs with another key, but keeps the key id. */
		public Builder signedBy(PrivateKey key) {
			this.key = key;
			return this;
		}

		/** The token, signed with RS256. */
		public String compact() {
			return signed(() -> new RSASSASigner(this.key), JWSAlgorithm.RS256);
		}

		/** The token with {@code alg} none and no signature. */
		public String unsigned() {
			header("alg", "none");
			return content() + ".";
		}

		/**
		 * The token with {@code alg} HS256 and our public key as the secret (algorithm
		 * confusion, RFC 8725).
		 */
		public String signedWithPublicKeyAsSecret() {
			header("alg", "HS256");
			return signed(() -> new MACSigner(TestTokens.this.keys.getPublic().getEncoded()), JWSAlgorithm.HS256);
		}

		private String signed(Callable<JWSSigner> signer, JWSAlgorithm algorithm) {
			byte[] content = content().getBytes(StandardCharsets.US_ASCII);
			try {
				return content() + "." + signer.call().sign(new JWSHeader(algorithm), content);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		private String content() {
			return Base64URL.encode(JsonMapper.shared().writeValueAsBytes(this.header)) + "."
					+ Base64URL.encode(JsonMapper.shared().writeValueAsBytes(this.claims));
		}

	}

}
