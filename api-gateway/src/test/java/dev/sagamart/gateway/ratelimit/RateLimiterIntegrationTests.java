package dev.sagamart.gateway.ratelimit;

import dev.sagamart.platform.test.TestRedis;
import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The limiter with a Redis that goes away in different ways. */
class RateLimiterIntegrationTests {

	/** So slow that nothing comes back while a test runs. */
	private static final Rate RATE = new Rate(1, 100);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestRedis redis = TestServers.redis();

	private final String key = UUID.randomUUID().toString();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private RateLimiter limiter;

	@BeforeEach
	void connect() {
		this.limiter = limiter();
		await().atMost(PATIENCE).until(() -> isShared(this.limiter));
	}

	@AfterEach
	void disconnect() {
		this.limiter.close();
	}

	private RateLimiter limiter() {
		return new RateLimiter(new RateLimitProperties(RATE, RATE, RATE, URI.create("redis://" + this.redis.address()),
				Duration.ofMillis(200), Duration.ofMillis(200), 1000), this.meters);
	}

	private static boolean isShared(RateLimiter limiter) {
		limiter.take("warm-up", new Rate(1000, 1000)).block();
		return !limiter.isLocal();
	}

	private Decision take(RateLimiter limiter) {
		Decision decision = limiter.take(this.key, RATE).block(PATIENCE);
		assertThat(decision).isNotNull();
		return decision;
	}

	private void takeAll(RateLimiter limiter) {
		assertThat(IntStream.range(0, 100).filter((i) -> take(limiter).allowed()).count()).isEqualTo(100);
	}

	@Test
	void instancesShareOneBucket() {
		try (RateLimiter other = limiter()) {
			await().atMost(PATIENCE).until(() -> isShared(other));
			List<Decision> decisions = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				decisions.add(take(this.limiter));
				decisions.add(take(other));
			}
			assertThat(decisions.getFirst().remaining()).isEqualTo(99);
			assertThat(decisions.stream().filter(Decision::allowed).count()).isBetween(100L, 105L);
			assertThat(decisions.getLast().allowed()).isFalse();
			assertThat(decisions.getLast().retryAfterSeconds()).isEqualTo(1);
			assertThat(decisions.getLast().resetSeconds()).isBetween(95L, 100L);
		}
	}

	@Test
	void givesTokensBackWithinASecond() {
		Rate quick = new Rate(50, 1);
		assertThat(this.limiter.take(this.key, quick).block().allowed()).isTrue();
		Instant start = Instant.now();
		await().pollInterval(Duration.ofMillis(1)).until(() -> this.limiter.take(this.key, quick).block().allowed());
		assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofMillis(900));
	}

	@Test
	void limitsByItselfWhileRedisIsAwayAndTogetherAfterwards() {
		takeAll(this.limiter);
		this.redis.kill();
		try {
			assertThat(take(this.limiter).allowed()).isTrue();
			assertThat(this.limiter.isLocal()).isTrue();
			assertThat(this.meters.get("sagamart.gateway.ratelimit.local").gauge().value()).isEqualTo(1);
			assertThat(IntStream.range(0, 300).filter((i) -> take(this.limiter).allowed()).count()).isBetween(99L,
					105L);
		}
		finally {
			this.redis.start();
		}
		await().atMost(PATIENCE).until(() -> isShared(this.limiter));
		assertThat(this.meters.get("sagamart.gateway.ratelimit.local").gauge().value()).isZero();
		takeAll(this.limiter);
		assertThat(take(this.limiter).allowed()).isFalse();
	}

	@Test
	void waitsForAHungRedisOnlyNowAndThen() {
		assertThat(take(this.limiter).allowed()).isTrue();
		this.redis.hang();
		try {
			List<Duration> waits = new ArrayList<>();
			for (int i = 0; i < 2000; i++) {
				Instant start = Instant.now();
				take(this.limiter);
				waits.add(Duration.between(start, Instant.now()));
			}
			assertThat(waits).filteredOn((wait) -> wait.compareTo(Duration.ofMillis(150)) > 0).hasSize(1);
			assertThat(this.limiter.isLocal()).isTrue();
			assertThat(take(this.limiter).allowed()).isFalse();
		}
		finally {
			this.redis.wake();
		}
		await().atMost(PATIENCE).until(() -> isShared(this.limiter));
	}

	@Test
	void startsWithoutRedis() {
		this.redis.kill();
		try (RateLimiter early = limiter()) {
			takeAll(early);
			assertThat(take(early).allowed()).isFalse();
			assertThat(early.isLocal()).isTrue();
			this.redis.start();
			await().atMost(PATIENCE).until(() -> isShared(early));
			takeAll(early);
		}
	}

}
