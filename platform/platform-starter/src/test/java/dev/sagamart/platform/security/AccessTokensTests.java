package dev.sagamart.platform.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.sagamart.platform.test.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AccessTokensTests {

	private final RSAKey first = key("first");

	private final RSAKey second = key("second");

	private final AtomicInteger fetches = new AtomicInteger();

	private volatile List<RSAKey> published = List.of(this.first);

	private final SettableClock clock = SettableClock.at(Instant.now());

	private HttpServer server;

	@BeforeEach
	void publish() throws IOException {
		listen(0);
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@Test
	void keysAreFetchedWithTheFirstTokenAndKept() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(10), 100);
		assertThat(this.fetches).hasValue(0);
		assertThat(decoder.decode(token(this.first)).getSubject()).isEqualTo("somebody");
		decoder.decode(token(this.first));
		assertThat(this.fetches).hasValue(1);
	}

	@Test
	void aNewKeyIsFoundAtOnceIfTheKeysWereNotJustFetched() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		decoder.decode(token(this.first));
		this.published = List.of(this.first, this.second);
		pass(Duration.ofSeconds(29));
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token(this.second)));
		pass(Duration.ofSeconds(1));
		assertThat(decoder.decode(token(this.second)).getSubject()).isEqualTo("somebody");
	}

	@Test
	void strangersMakeTheKeysBeFetchedOnceInAnInterval() throws InterruptedException {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		decoder.decode(token(this.first));
		for (int interval = 1; interval <= 3; interval++) {
			pass(Duration.ofSeconds(30));
			try (ExecutorService flood = Executors.newVirtualThreadPerTaskExecutor()) {
				flood.invokeAll(Stream.generate(() -> stranger(decoder)).limit(50).toList())
					.forEach((refused) -> assertThat(refused.resultNow()).isTrue());
			}
			assertThat(this.fetches).hasValue(1 + interval);
		}
		decoder.decode(token(this.first));
	}

	private Callable<Boolean> stranger(JwtDecoder decoder) {
		String token = token(this.second, "stranger-" + UUID.randomUUID());
		return () -> {
			assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token));
			return true;
		};
	}

	@Test
	void aWithdrawnKeyEndsItsTokensWhenTheKeysAreOld() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String token = token(this.first);
		decoder.decode(token);
		this.published = List.of(this.second);
		pass(Duration.ofSeconds(299));
		assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		pass(Duration.ofSeconds(1));
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token));
	}

	@Test
	void anIssuerThatWasNeverThereIsNotTheTokensFault() throws IOException {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		int port = this.server.getAddress().getPort();
		this.server.stop(0);
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(JwtException.class).isThrownBy(() -> decoder.decode(token(this.first)))
				.isNotInstanceOf(BadJwtException.class);
		}
		listen(port);
		pass(Duration.ofSeconds(1));
		assertThat(decoder.decode(token(this.first)).getSubject()).isEqualTo("somebody");
	}

	@Test
	void knownKeysGoOnWhileTheIssuerIsAway() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 0);
		String token = token(this.first);
		decoder.decode(token);
		this.server.stop(0);
		for (int i = 0; i < 3; i++) {
			pass(Duration.ofMinutes(10));
			assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		}
	}

	@Test
	void aRememberedTokenIsForgottenWhenItExpires() {
		AtomicInteger decoded = new AtomicInteger();
		Instant now = this.clock.instant();
		JwtDecoder decoder = new CachingJwtDecoder((token) -> {
			decoded.incrementAndGet();
			return Jwt.withTokenValue(token)
				.header("alg", "RS256")
				.header("kid", "first")
				.subject("somebody")
				.expiresAt(token.equals("endless") ? null : now.plusSeconds(60))
				.build();
		}, (_, _) -> List.of(this.first), 10, this.clock);
		decoder.decode("token");
		decoder.decode("token");
		assertThat(decoded).hasValue(1);
		pass(Duration.ofSeconds(60));
		decoder.decode("token");
		assertThat(decoded).hasValue(2);
		decoder.decode("endless");
		decoder.decode("endless");
		assertThat(decoded).hasValue(4);
	}

	@Test
	void theAddressOfTheKeysMustBeAUrl() {
		SecurityProperties properties = properties(URI.create("nowhere://x"), Duration.ofMinutes(5),
				Duration.ofSeconds(30), 0);
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> AccessTokens.published(properties, this.clock, null));
	}

	private JwtDecoder decoder(Duration keysKept, Duration interval, int cached) {
		SecurityProperties properties = properties(
				URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + "/jwks"), keysKept, interval,
				cached);
		return AccessTokens.decoder(properties, this.clock, AccessTokens.published(properties, this.clock, null));
	}

	private static SecurityProperties properties(URI uri, Duration keysKept, Duration interval, int cached) {
		return new SecurityProperties(uri, "issuer", "sagamart", Duration.ofSeconds(60), keysKept, interval, cached,
				null, "test");
	}

	private void pass(Duration time) {
		this.clock.pass(time);
	}

	private void listen(int port) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
		this.server.createContext("/jwks", (exchange) -> {
			this.fetches.incrementAndGet();
			byte[] body = new JWKSet(List.copyOf(this.published)).toString().getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	private static RSAKey key(String id) {
		try {
			return new RSAKeyGenerator(2048).keyID(id).generate();
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

	private static String token(RSAKey key) {
		return token(key, key.getKeyID());
	}

	private static String token(RSAKey key, String keyId) {
		try {
			SignedJWT token = new SignedJWT(
					new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).type(new JOSEObjectType("at+jwt")).build(),
					new JWTClaimsSet.Builder().issuer("issuer")
						.audience("sagamart")
						.subject("somebody")
						.expirationTime(Date.from(Instant.now().plusSeconds(3600)))
						.build());
			token.sign(new RSASSASigner(key));
			return token.serialize();
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

}
