package dev.sagamart.platform.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AccessTokenDecoderTests {

	/** Generated once, because generating a key is slow without the C2 compiler. */
	private static final RSAKey FIRST = key("first");

	private static final RSAKey SECOND = key("second");

	private final AtomicInteger fetches = new AtomicInteger();

	private volatile List<RSAKey> published = List.of(FIRST);

	private volatile Instant now = Instant.now();

	/** The issuer responds when this is open. */
	private volatile CountDownLatch responseGate = new CountDownLatch(0);

	private final List<IssuerJwkSource> opened = new ArrayList<>();

	private HttpServer server;

	@BeforeEach
	void publish() throws IOException {
		listen(0);
	}

	@AfterEach
	void stop() throws IOException {
		this.responseGate.countDown();
		for (IssuerJwkSource keys : this.opened) {
			keys.close();
		}
		this.server.stop(0);
	}

	@Test
	void keysAreFetchedWithTheFirstTokenAndKept() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(10), 100);
		assertThat(this.fetches).hasValue(0);
		assertThat(decoder.decode(token(FIRST)).getSubject()).isEqualTo("somebody");
		decoder.decode(token(FIRST));
		assertThat(this.fetches).hasValue(1);
	}

	@Test
	void aNewKeyIsFetchedAtOnceAfterTheInterval() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		decoder.decode(token(FIRST));
		this.published = List.of(FIRST, SECOND);
		advance(Duration.ofSeconds(29));
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token(SECOND)));
		advance(Duration.ofSeconds(1));
		assertThat(decoder.decode(token(SECOND)).getSubject()).isEqualTo("somebody");
	}

	@Test
	void unknownKeyIdsTriggerOneFetchPerInterval() throws InterruptedException {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		decoder.decode(token(FIRST));
		for (int interval = 1; interval <= 3; interval++) {
			advance(Duration.ofSeconds(30));
			try (ExecutorService flood = Executors.newVirtualThreadPerTaskExecutor()) {
				flood.invokeAll(Stream.generate(() -> decodeWithUnknownKey(decoder)).limit(50).toList())
					.forEach((refused) -> assertThat(refused.resultNow()).isTrue());
			}
			assertThat(this.fetches).hasValue(1 + interval);
		}
		decoder.decode(token(FIRST));
	}

	private Callable<Boolean> decodeWithUnknownKey(JwtDecoder decoder) {
		String token = token(SECOND, "unknown-" + UUID.randomUUID());
		return () -> {
			assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token));
			return true;
		};
	}

	@Test
	void oldKeysAreRefreshedInTheBackground() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String token = token(FIRST);
		decoder.decode(token);
		advance(Duration.ofSeconds(269));
		decoder.decode(token);
		assertThat(this.fetches).hasValue(1);
		this.responseGate = new CountDownLatch(1);
		advance(Duration.ofSeconds(1));
		assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		Awaitility.await().until(() -> this.fetches.get() == 2);
		assertThat(decoder.decode(token(FIRST)).getSubject()).isEqualTo("somebody");
	}

	@Test
	void aWithdrawnKeyInvalidatesItsTokensBeforeTheKeysAreOld() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String token = token(FIRST);
		decoder.decode(token);
		this.published = List.of(SECOND);
		advance(Duration.ofSeconds(269));
		assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		advance(Duration.ofSeconds(1));
		Awaitility.await()
			.untilAsserted(
					() -> assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token)));
		assertThat(this.fetches).hasValue(2);
	}

	@Test
	void keysAreRefreshedWhileNoTokensArrive() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofMillis(50), 100);
		decoder.decode(token(FIRST));
		advance(Duration.ofMinutes(5));
		Awaitility.await().until(() -> this.fetches.get() == 2);
	}

	@Test
	void aWithdrawnKeyIsNoticedAfterAnOutageOfTheIssuer() throws IOException {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String token = token(FIRST);
		decoder.decode(token);
		int port = this.server.getAddress().getPort();
		this.server.stop(0);
		advance(Duration.ofMinutes(5));
		assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		awaitFailedFetch(decoder);
		this.published = List.of(SECOND);
		listen(port);
		advance(Duration.ofSeconds(30));
		Awaitility.await()
			.untilAsserted(
					() -> assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token)));
	}

	/** Returns when a fetch has failed and the next one is not permitted yet. */
	private void awaitFailedFetch(JwtDecoder decoder) {
		String token = token(SECOND, "unknown");
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(JwtException.class).as("the token may be valid")
				.isThrownBy(() -> decoder.decode(token))
				.isNotInstanceOf(BadJwtException.class);
		}
	}

	@Test
	void tokensOfKnownKeysAreDecodedWhileTheIssuerHangs() throws Exception {
		AccessTokenDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String checked = token(FIRST);
		decoder.decode(checked);
		this.responseGate = new CountDownLatch(1);
		advance(Duration.ofMinutes(6));
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Boolean>> waiting = Stream.generate(() -> executor.submit(mayBlockAtFirst(decoder)))
				.limit(50)
				.toList();
			Awaitility.await().until(() -> this.fetches.get() == 2);
			assertThat(decoder.cached(checked)).isNotNull();
			assertThat(decoder.decode(token(FIRST)).getSubject()).isEqualTo("somebody");
			assertThat(waiting).noneMatch(Future::isDone);
			this.responseGate.countDown();
			for (Future<Boolean> answer : waiting) {
				assertThat(answer.get()).isTrue();
			}
		}
		assertThat(this.fetches).hasValue(2);
	}

	private Callable<Boolean> mayBlockAtFirst(AccessTokenDecoder decoder) {
		String token = token(SECOND, "unknown-" + UUID.randomUUID());
		assertThat(decoder.mayBlock(token)).isTrue();
		return () -> {
			assertThatExceptionOfType(JwtException.class).isThrownBy(() -> decoder.decode(token));
			return true;
		};
	}

	@Test
	void onlyATokenWithAnUnknownKeyMayBlock() {
		AccessTokenDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String token = token(FIRST);
		assertThat(decoder.mayBlock(token)).isTrue();
		assertThat(this.fetches).hasValue(0);
		decoder.decode(token);
		assertThat(decoder.mayBlock(token)).isFalse();
		assertThat(decoder.mayBlock(token(SECOND))).isTrue();
		assertThat(decoder.mayBlock(header("{\"alg\":\"RS256\",\"kid\":\"first\",\"x5t#S256\":\"AAAA\"}")))
			.as("a known key id with another thumbprint")
			.isTrue();
		for (String nonsense : List.of("", ".", "x", "x.y.z", "e30.e30.", header("{\"alg\":\"none\",\"kid\":\"x\"}"),
				header("{\"alg\":\"HS256\",\"kid\":\"x\"}"), header("{\"alg\":\"RS256\"}"))) {
			assertThat(decoder.mayBlock(nonsense)).as(nonsense).isFalse();
			assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(nonsense));
		}
		assertThat(this.fetches).hasValue(1);
	}

	private static String header(String json) {
		return Base64URL.encode(json) + ".e30.AAAA";
	}

	@Test
	void aTokenWithoutAKeyIdIsRefused() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		decoder.decode(token(FIRST));
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token(FIRST, null)));
	}

	@Test
	void knownKeysRemainUsableAfterCloseInterruptsAFetch() throws IOException {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		String token = token(FIRST);
		decoder.decode(token);
		this.responseGate = new CountDownLatch(1);
		advance(Duration.ofMinutes(5));
		decoder.decode(token);
		Awaitility.await().until(() -> this.fetches.get() == 2);
		this.opened.getFirst().close();
		advance(Duration.ofMinutes(5));
		assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		assertThat(this.fetches).hasValue(2);
	}

	@Test
	void aTokenIsNotInvalidWhenTheIssuerWasNeverAvailable() throws IOException {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 100);
		int port = this.server.getAddress().getPort();
		this.server.stop(0);
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(JwtException.class).isThrownBy(() -> decoder.decode(token(FIRST)))
				.isNotInstanceOf(BadJwtException.class);
		}
		listen(port);
		advance(Duration.ofSeconds(1));
		assertThat(decoder.decode(token(FIRST)).getSubject()).isEqualTo("somebody");
	}

	@Test
	void knownKeysRemainInUseWhileTheIssuerIsUnavailable() {
		JwtDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 0);
		String token = token(FIRST);
		decoder.decode(token);
		this.server.stop(0);
		for (int i = 0; i < 3; i++) {
			advance(Duration.ofMinutes(10));
			assertThat(decoder.decode(token).getSubject()).isEqualTo("somebody");
		}
	}

	@Test
	void aTokenIsCachedUntilItExpires() {
		AccessTokenDecoder decoder = decoder(Duration.ofMinutes(5), Duration.ofSeconds(30), 10);
		String token = token(FIRST);
		assertThat(decoder.cached(token)).isNull();
		Jwt checked = decoder.decode(token);
		assertThat(decoder.decode(token)).isSameAs(checked);
		advance(Duration.ofSeconds(3610));
		assertThat(decoder.cached(token)).isNull();
		assertThat(decoder.decode(token)).as("within the clock skew").isNotSameAs(checked);
		advance(Duration.ofSeconds(60));
		assertThatExceptionOfType(JwtValidationException.class).isThrownBy(() -> decoder.decode(token));
	}

	@Test
	void revocationIsCheckedAtEveryUse() {
		RevokedTokens revoked = new RevokedTokens(uri("/oauth2/jwks"), null, new SimpleMeterRegistry());
		this.server.createContext("/oauth2/revoked-tokens",
				(exchange) -> answer(exchange, "{\"revoked\": {\"" + RevokedTokens.hashOf("somebody") + "\": 1}}"));
		AccessTokenDecoder decoder = new AccessTokenDecoder(
				properties(uri("/jwks"), Duration.ofMinutes(5), Duration.ofSeconds(30), 10), (_, _) -> List.of(FIRST),
				revoked, () -> this.now);
		String token = token(FIRST);
		assertThat(decoder.decode(token)).isNotNull();
		assertThat(decoder.cached(token)).isNotNull();
		revoked.start();
		revoked.stop();
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.cached(token));
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(token));
	}

	@Test
	void aCachedTokenStaysValidWhileItsKeyCannotBeLookedUp() {
		AtomicBoolean broken = new AtomicBoolean();
		AccessTokenDecoder decoder = new AccessTokenDecoder(
				properties(uri("/jwks"), Duration.ofMinutes(5), Duration.ofSeconds(30), 10), (_, _) -> {
					if (broken.get()) {
						throw new KeySourceException("broken");
					}
					return List.of(FIRST);
				}, null, () -> this.now);
		String token = token(FIRST);
		Jwt checked = decoder.decode(token);
		broken.set(true);
		assertThat(decoder.decode(token)).isSameAs(checked);
	}

	@Test
	void refusesAKeyAddressThatIsNotAUrl() {
		SecurityProperties properties = properties(URI.create("nowhere://x"), Duration.ofMinutes(5),
				Duration.ofSeconds(30), 0);
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> new IssuerJwkSource(properties, null, () -> this.now));
	}

	private AccessTokenDecoder decoder(Duration keysKept, Duration interval, int cached) {
		SecurityProperties properties = properties(uri("/jwks"), keysKept, interval, cached);
		IssuerJwkSource keys = new IssuerJwkSource(properties, null, () -> this.now);
		this.opened.add(keys);
		return new AccessTokenDecoder(properties, keys, null, () -> this.now);
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + path);
	}

	private static SecurityProperties properties(URI uri, Duration keysKept, Duration interval, int cached) {
		return new SecurityProperties(uri, "issuer", "sagamart", Duration.ofSeconds(60), keysKept, interval,
				Duration.ofSeconds(20), cached, null, null);
	}

	private void advance(Duration time) {
		this.now = this.now.plus(time);
	}

	private void listen(int port) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
		this.server.setExecutor((task) -> Thread.ofVirtual().start(task));
		this.server.createContext("/jwks", (exchange) -> {
			this.fetches.incrementAndGet();
			awaitResponseGate();
			answer(exchange, new JWKSet(List.copyOf(this.published)).toString());
		});
		this.server.start();
	}

	private void awaitResponseGate() {
		try {
			this.responseGate.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void answer(HttpExchange exchange, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(200, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
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

	private static String token(RSAKey key, @Nullable String keyId) {
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
