package dev.sagamart.gateway.ratelimit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sagamart.platform.redis.RedisScripts;
import dev.sagamart.platform.test.AwaitTimeout;
import dev.sagamart.platform.test.TestRedis;
import dev.sagamart.platform.test.TestServers;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The limiter with a Redis that goes away in different ways. */
class RateLimiterIntegrationTests {

	/** A token comes back every second. */
	private static final Rate RATE = new Rate(1, 100);

	/** Longer than a Redis that is well ever takes on a busy machine. */
	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private final TestRedis redis = TestServers.redis();

	private final String key = UUID.randomUUID().toString();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private Instance instance;

	private RateLimiter limiter;

	@BeforeEach
	void connect() {
		this.instance = new Instance();
		this.limiter = this.instance.limiter;
		await().until(() -> isShared(this.limiter));
	}

	@AfterEach
	void disconnect() {
		this.instance.close();
	}

	/** A limiter with a connection of its own, as the platform makes it. */
	private final class Instance implements AutoCloseable {

		private final ConfigurableApplicationContext context = connected(RateLimiterIntegrationTests.this.redis);

		private final RateLimiter limiter = new RateLimiter(
				new RateLimitProperties(RATE, RATE, RATE, RATE, TIMEOUT, 1000),
				new RedisBuckets(this.context.getBean(RedisScripts.class)),
				CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
					.slidingWindowSize(1)
					.minimumNumberOfCalls(1)
					.waitDurationInOpenState(Duration.ofMillis(200))
					.permittedNumberOfCallsInHalfOpenState(1)
					.build()),
				RateLimiterIntegrationTests.this.meters);

		@Override
		public void close() {
			this.context.close();
		}

	}

	private static ConfigurableApplicationContext connected(TestRedis redis) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(DataRedisAutoConfiguration.class,
				DataRedisReactiveAutoConfiguration.class)
			.web(WebApplicationType.NONE)
			.properties("REDIS_ADDRESS=" + redis.address());
		builder.application().setSources(Set.of("dev.sagamart.platform.redis.RedisAutoConfiguration"));
		return builder.run();
	}

	private static boolean isShared(RateLimiter limiter) {
		limiter.take(List.of(new Bucket("warm-up", new Rate(1000, 1000)))).block();
		return !limiter.isLocal();
	}

	private Decision take(RateLimiter limiter) {
		return take(limiter, new Bucket(this.key, RATE)).getFirst();
	}

	private static List<Decision> take(RateLimiter limiter, Bucket... buckets) {
		List<Decision> decisions = limiter.take(List.of(buckets)).block(AwaitTimeout.LIMIT);
		assertThat(decisions).hasSameSizeAs(buckets);
		return decisions;
	}

	/** Takes until there is none: the burst, and what came back meanwhile. */
	private static void takeAll(Supplier<Decision> take) {
		Instant start = Instant.now();
		long allowed = Stream.generate(take).limit(1000).takeWhile(Decision::allowed).count();
		assertThat(allowed).isBetween(100L, 101 + Duration.between(start, Instant.now()).toSeconds());
	}

	@Test
	void instancesShareOneBucket() {
		try (Instance other = new Instance()) {
			await().until(() -> isShared(other.limiter));
			AtomicInteger turn = new AtomicInteger();
			takeAll(() -> take((turn.getAndIncrement() % 2 == 0) ? this.limiter : other.limiter));
		}
	}

	@Test
	void takesFromAllBucketsOrFromNone() {
		Rate slow = new Rate(1, 1000);
		Bucket mine = new Bucket("mine " + this.key, slow);
		Bucket ours = new Bucket("ours " + this.key, RATE);
		takeAll(() -> take(this.limiter, ours).getFirst());
		long left = take(this.limiter, mine).getFirst().remaining();
		List<List<Decision>> refused = Stream.generate(() -> take(this.limiter, mine, ours))
			.limit(20)
			.filter((decisions) -> !decisions.getLast().allowed())
			.toList();
		assertThat(refused).isNotEmpty().allSatisfy((decisions) -> assertThat(decisions.getFirst().allowed()).isTrue());
		long passed = 20 - refused.size();
		assertThat(take(this.limiter, mine).getFirst().remaining()).isGreaterThanOrEqualTo(left - passed - 1);
	}

	@Test
	void givesTokensBackOneByOne() {
		Rate quick = new Rate(10, 100);
		Supplier<Decision> take = () -> take(this.limiter, new Bucket(this.key, quick)).getFirst();
		Decision refused = Stream.generate(take).limit(1000).dropWhile(Decision::allowed).findFirst().orElseThrow();
		assertThat(refused.retryAfterSeconds()).isEqualTo(1);
		assertThat(refused.resetSeconds()).isEqualTo(10);
		Decision next = await().pollInterval(Duration.ofMillis(1)).until(take::get, Decision::allowed);
		assertThat(next.remaining()).isLessThan(50);
	}

	@Test
	void limitsByItselfWhileRedisIsAwayAndTogetherAfterwards() {
		takeAll(() -> take(this.limiter));
		this.redis.kill();
		try {
			takeAll(() -> take(this.limiter));
			assertThat(this.limiter.isLocal()).isTrue();
			assertThat(this.meters.get("sagamart.gateway.ratelimit.local").gauge().value()).isEqualTo(1);
		}
		finally {
			this.redis.start();
		}
		await().until(() -> isShared(this.limiter));
		assertThat(this.meters.get("sagamart.gateway.ratelimit.local").gauge().value()).isZero();
		// another bucket: a call that Redis died of is repeated when it is back
		takeAll(() -> take(this.limiter, new Bucket("afterwards " + this.key, RATE)).getFirst());
	}

	@Test
	void warnsOfARedisThatIsAwayForMoreThanOneCall() {
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(RateLimiter.class);
		logger.addAppender(log);
		this.redis.kill();
		try {
			await().until(() -> take(this.limiter) != null && log.list.size() == 1);
		}
		finally {
			this.redis.start();
		}
		await().until(() -> isShared(this.limiter));
		logger.detachAppender(log);
		assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
			.satisfiesExactly((away) -> assertThat(away).startsWith("Redis is away"),
					(back) -> assertThat(back).startsWith("Redis is back"));
	}

	@Test
	void waitsForAHungRedisOnlyOnce() throws Exception {
		assertThat(take(this.limiter).allowed()).isTrue();
		this.redis.hang();
		try {
			int waits = 0;
			for (int i = 0; i < 2000; i++) {
				CompletableFuture<List<Decision>> decision = this.limiter.take(List.of(new Bucket(this.key, RATE)))
					.toFuture();
				waits += decision.isDone() ? 0 : 1;
				decision.get(AwaitTimeout.LIMIT.toSeconds(), TimeUnit.SECONDS);
			}
			assertThat(waits).isEqualTo(1);
			assertThat(this.limiter.isLocal()).isTrue();
		}
		finally {
			this.redis.wake();
		}
		await().until(() -> isShared(this.limiter));
	}

	@Test
	void startsWithoutRedis() {
		this.redis.kill();
		try (Instance early = new Instance()) {
			takeAll(() -> take(early.limiter));
			assertThat(early.limiter.isLocal()).isTrue();
			this.redis.start();
			await().until(() -> isShared(early.limiter));
			takeAll(() -> take(early.limiter));
		}
	}

}
