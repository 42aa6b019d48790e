package dev.sagamart.gateway.security;

import dev.sagamart.gateway.Upstream;
import dev.sagamart.platform.test.SettableClock;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.platform.tokens.AccessTokenDecoder;
import dev.sagamart.platform.tokens.IssuerJwkSource;
import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.platform.tokens.SecurityProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NonBlockingJwtDecoderTests {

	private final TestTokens issuer = TestTokens.shared();

	private final Upstream jwks = new Upstream("jwks");

	private final SettableClock clock = SettableClock.at(Instant.now());

	private final List<Closeable> opened = new ArrayList<>();

	private NonBlockingJwtDecoder tokens;

	@BeforeEach
	void publishKeys() throws IOException, InterruptedException {
		String keys = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(this.issuer.jwksUri())).build(),
					HttpResponse.BodyHandlers.ofString())
			.body();
		this.jwks.answers((exchange) -> Upstream.answer(exchange, 200, keys));
		this.tokens = tokens();
	}

	private NonBlockingJwtDecoder tokens() {
		SecurityProperties properties = new SecurityProperties(URI.create(this.jwks.url()), TestTokens.ISSUER,
				TestTokens.AUDIENCE, Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofSeconds(30),
				Duration.ofMinutes(2), 100, null, null);
		IssuerJwkSource keys = new IssuerJwkSource(properties, null, this.clock);
		NonBlockingJwtDecoder fresh = new NonBlockingJwtDecoder(new AccessTokenDecoder(properties, keys,
				new RevokedTokens(properties.jwksUri(), null, new SimpleMeterRegistry()), this.clock));
		this.opened.add(keys);
		this.opened.add(fresh);
		return fresh;
	}

	private static ConditionFactory await() {
		return Awaitility.await();
	}

	@AfterEach
	void stop() throws IOException {
		for (Closeable each : this.opened) {
			each.close();
		}
		this.jwks.close();
	}

	@Test
	void fetchesTheKeysOnceForManyTokens() {
		assertThat(this.jwks.seen()).isEmpty();
		Flux.fromStream(IntStream.range(0, 50).mapToObj((i) -> this.issuer.token().compact()))
			.flatMap(this.tokens::decode)
			.blockLast();
		assertThat(this.jwks.seen()).hasSize(1);
	}

	/**
	 * Some lookups coincide with the arrival of the keys; a single round rarely hits that
	 * moment.
	 */
	@Test
	void fetchesTheKeysOnceUnderConcurrency() {
		List<String> some = Stream.generate(() -> this.issuer.token().compact()).limit(20).toList();
		for (int round = 1; round <= 50; round++) {
			NonBlockingJwtDecoder fresh = tokens();
			Flux.range(0, 200)
				.parallel(4)
				.runOn(Schedulers.boundedElastic())
				.flatMap((i) -> fresh.decode(some.get(i % some.size())))
				.sequential()
				.blockLast();
			assertThat(this.jwks.seen()).hasSize(round);
		}
	}

	@Test
	void fetchesKeysForUnknownIdsAtMostOncePerInterval() {
		accept();
		for (int i = 0; i < 20; i++) {
			refuseUnknownKey(i);
		}
		assertThat(this.jwks.seen()).hasSize(1);
		this.clock.pass(Duration.ofSeconds(31));
		for (int i = 0; i < 20; i++) {
			refuseUnknownKey(i);
		}
		assertThat(this.jwks.seen()).hasSize(2);
	}

	@Test
	void refreshesOldKeysInTheBackground() {
		accept();
		this.clock.pass(Duration.ofMinutes(6));
		accept();
		await().until(() -> this.jwks.seen().size() == 2);
	}

	@Test
	void keepsTheKeysWhileTheIssuerIsUnavailable() {
		accept();
		this.jwks.answers((exchange) -> Upstream.answer(exchange, 500, "broken"));
		this.clock.pass(Duration.ofMinutes(6));
		accept();
		await().until(() -> this.jwks.seen().size() == 2);
		accept();
	}

	@Test
	void refusesNoTokenWhileTheIssuerIsUnavailable() {
		this.jwks.answers((exchange) -> Upstream.answer(exchange, 500, "broken"));
		String token = this.issuer.token().compact();
		assertThatThrownBy(() -> this.tokens.decode(token).block()).isExactlyInstanceOf(JwtException.class);
		assertThatThrownBy(() -> this.tokens.decode(token).block()).isExactlyInstanceOf(JwtException.class);
		assertThat(this.jwks.seen()).hasSize(1);
		for (String body : List.of("no keys", "")) {
			this.jwks.reset();
			this.jwks.answers((exchange) -> Upstream.answer(exchange, 200, body));
			this.clock.pass(Duration.ofSeconds(2));
			assertThatThrownBy(() -> this.tokens.decode(token).block()).isExactlyInstanceOf(JwtException.class);
			assertThatThrownBy(() -> this.tokens.decode(token).block()).isExactlyInstanceOf(JwtException.class);
			assertThat(this.jwks.seen()).hasSize(1);
		}
	}

	@Test
	void forgetsATokenWhenItExpires() {
		String token = this.issuer.token().expiresAt(Instant.now().plusSeconds(1)).compact();
		this.tokens.decode(token).block();
		this.clock.pass(Duration.ofSeconds(65));
		await().untilAsserted(() -> assertThatThrownBy(() -> this.tokens.decode(token).block())
			.isInstanceOf(JwtValidationException.class));
	}

	@Test
	void forgetsATokenWhenItsKeyIsWithdrawn() {
		String token = this.issuer.token().compact();
		this.tokens.decode(token).block();
		this.jwks.answers((exchange) -> Upstream.answer(exchange, 200, "{\"keys\":[]}"));
		this.clock.pass(Duration.ofMinutes(6));
		await().untilAsserted(
				() -> assertThatThrownBy(() -> this.tokens.decode(token).block()).isInstanceOf(BadJwtException.class));
	}

	@Test
	void returnsACachedTokenImmediately() {
		String token = this.issuer.token().compact();
		AtomicReference<Thread> thread = new AtomicReference<>();
		this.tokens.decode(token).doOnNext((_) -> thread.set(Thread.currentThread())).block();
		assertThat(thread).as("the thread that fetches keys").doesNotHaveValue(Thread.currentThread());
		this.tokens.decode(token).doOnNext((_) -> thread.set(Thread.currentThread())).block();
		assertThat(thread).hasValue(Thread.currentThread());
	}

	@Test
	void tokensOfUnknownKeysDoNotDelayOthersWhileTheIssuerHangs() {
		String known = this.issuer.token().compact();
		this.tokens.decode(known).block();
		List<String> unknown = IntStream.range(0, 500)
			.mapToObj((i) -> this.issuer.token().header("kid", "unknown-" + i).header("x5t", "AAAA").compact())
			.toList();
		CountDownLatch silence = new CountDownLatch(1);
		this.jwks.answers((exchange) -> {
			awaitLatch(silence);
			Upstream.answer(exchange, 200, "{\"keys\":[]}");
		});
		this.clock.pass(Duration.ofSeconds(31));
		AtomicInteger unable = new AtomicInteger();
		unknown.forEach((token) -> this.tokens.decode(token).subscribe((_) -> {
		}, (_) -> unable.incrementAndGet()));
		await().until(() -> this.jwks.seen().size() == 2);
		assertThat(this.tokens.decode(known).block()).isNotNull();
		assertThat(this.tokens.decode(this.issuer.token().compact()).block()).as("a new token of a known key")
			.isNotNull();
		assertThatThrownBy(() -> this.tokens.decode("nonsense").block()).isInstanceOf(BadJwtException.class);
		assertThat(unable).hasValue(0);
		silence.countDown();
		await().until(() -> unable.get() == 500);
		assertThat(this.jwks.seen()).hasSize(2);
	}

	@Test
	void failsWhenTooManyTokensAreWaiting() {
		CountDownLatch silence = new CountDownLatch(1);
		this.jwks.answers((exchange) -> {
			awaitLatch(silence);
			Upstream.answer(exchange, 500, "broken");
		});
		String token = this.issuer.token().compact();
		AtomicInteger refused = new AtomicInteger();
		for (int i = 0; i < NonBlockingJwtDecoder.MAX_WAITING + 10; i++) {
			this.tokens.decode(token).subscribe((_) -> {
			}, (failure) -> {
				assertThat(failure).isExactlyInstanceOf(JwtException.class);
				refused.incrementAndGet();
			});
		}
		assertThat(refused).as("refused immediately").satisfies((now) -> assertThat(now.get()).isBetween(1, 10));
		silence.countDown();
		await().until(() -> refused.get() == NonBlockingJwtDecoder.MAX_WAITING + 10);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void accept() {
		assertThat(this.tokens
			.decode(this.issuer.token().expiresAt(this.clock.instant().plus(Duration.ofMinutes(15))).compact())
			.block()).isNotNull();
	}

	private void refuseUnknownKey(int number) {
		String token = this.issuer.token().header("kid", "unknown-" + number).compact();
		assertThatThrownBy(() -> this.tokens.decode(token).block()).isInstanceOf(BadJwtException.class);
	}

}
