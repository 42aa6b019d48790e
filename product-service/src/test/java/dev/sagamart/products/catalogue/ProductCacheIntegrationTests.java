package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.platform.redis.RedisScripts;
import dev.sagamart.platform.test.TestRedis;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.products.stock.Availability;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.script.RedisScript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The caches of several instances that share a Redis, which may be unavailable. */
class ProductCacheIntegrationTests {

	private static final Duration LIFETIME = Duration.ofSeconds(1);

	/** Longer than any call to an available Redis, even on a busy machine. */
	private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

	/** Longer than any test. */
	private static final Duration FOREVER = Duration.ofHours(1);

	private static final Callable<CatalogueProduct> NOT_READ = () -> {
		throw new AssertionError("The product must come from the cache");
	};

	private static ConfigurableApplicationContext connection;

	private static RedisScripts scripts;

	private final TestRedis redis = TestServers.redis();

	private final UUID id = UUID.randomUUID();

	private Instance one;

	private Instance two;

	@BeforeAll
	static void connect() {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(DataRedisAutoConfiguration.class,
				DataRedisReactiveAutoConfiguration.class)
			.web(WebApplicationType.NONE)
			.properties("REDIS_ADDRESS=" + TestServers.redis().address());
		builder.application().setSources(Set.of("dev.sagamart.platform.redis.RedisAutoConfiguration"));
		connection = builder.run();
		scripts = connection.getBean(RedisScripts.class);
	}

	@AfterAll
	static void disconnect() {
		connection.close();
	}

	@BeforeEach
	void start() {
		await().ignoreExceptions().until(() -> inRedis("return 'well'"), "well"::equals);
		this.one = new Instance(LONG_TIMEOUT, FOREVER);
		this.two = new Instance(LONG_TIMEOUT, FOREVER);
	}

	/** The cache of one instance, which has nothing in memory at first. */
	private static final class Instance {

		private final AtomicLong nanos = new AtomicLong();

		private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

		private final AtomicLong failures = new AtomicLong();

		private final ProductCache cache;

		Instance(Duration timeout, Duration pause) {
			CacheProperties properties = new CacheProperties(LIFETIME, FOREVER, timeout);
			CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
				.slidingWindowSize(1)
				.minimumNumberOfCalls(1)
				.waitDurationInOpenState(pause)
				.permittedNumberOfCallsInHalfOpenState(1)
				.build());
			breakers.circuitBreaker("redis").getEventPublisher().onError((_) -> this.failures.incrementAndGet());
			this.cache = new ProductCache(new RedisProducts(scripts, properties, breakers, this.meters), properties,
					this.meters, this.nanos::get);
		}

		@Nullable CatalogueProduct get(UUID id, Callable<CatalogueProduct> read) {
			return this.cache.get(id, read);
		}

		void put(CatalogueProduct product) {
			this.cache.put(product.id(), product);
		}

		void invalidateOlder(UUID id, long version, long stock) {
			this.cache.invalidateOlder(Map.of(id, new ProductVersion(version, stock)));
		}

		double inMemory(String result) {
			return this.meters.get("cache.gets")
				.tags("cache", "catalogue.products", "result", result)
				.functionCounter()
				.count();
		}

		double inRedis(String result) {
			return this.meters.get("cache.gets")
				.tags("cache", "catalogue.products.redis", "result", result)
				.counter()
				.count();
		}

		long failures() {
			return this.failures.get();
		}

	}

	@Test
	void allInstancesShareTheReadOfOne() {
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
		assertThat(this.one.get(this.id, NOT_READ)).isEqualTo(product(1, 1));
		assertThat(this.two.get(this.id, NOT_READ)).isEqualTo(product(1, 1));
		assertThat(this.two.get(this.id, NOT_READ)).isEqualTo(product(1, 1));
		assertThat(this.one.inMemory("hit")).isEqualTo(1);
		assertThat(this.one.inMemory("miss")).isEqualTo(1);
		assertThat(this.one.inRedis("miss")).isEqualTo(1);
		assertThat(this.two.inMemory("hit")).isEqualTo(1);
		assertThat(this.two.inMemory("miss")).isEqualTo(1);
		assertThat(this.two.inRedis("hit")).isEqualTo(1);
		assertThat(this.two.inRedis("miss")).isZero();
	}

	@Test
	void entriesInMemoryExpire() {
		this.one.put(product(1, 1));
		this.one.nanos.addAndGet(LIFETIME.toNanos() - 1);
		this.one.get(this.id, NOT_READ);
		assertThat(this.one.inRedis("hit")).isZero();
		this.one.nanos.incrementAndGet();
		this.one.get(this.id, NOT_READ);
		assertThat(this.one.inRedis("hit")).isEqualTo(1);
	}

	@Test
	void entriesInRedisExpire() {
		this.one.put(product(1, 1));
		assertThat(Long.parseLong(inRedis("return tostring(redis.call('PTTL', KEYS[1]))", key()))).isBetween(1L,
				FOREVER.toMillis());
		assertThat(Long.parseLong(inRedis("return tostring(redis.call('PTTL', KEYS[1]))", key() + ":newest")))
			.isBetween(1L, CacheProperties.LONGEST_READ.toMillis());
	}

	@Test
	void doesNotCacheMissingProducts() {
		assertThat(this.one.get(this.id, () -> null)).isNull();
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
	}

	@Test
	void doesNotCacheAFailure() {
		assertThatThrownBy(() -> this.one.get(this.id, () -> {
			throw new IllegalStateException("away");
		})).isInstanceOf(ValueRetrievalException.class).hasRootCauseMessage("away");
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
	}

	@ParameterizedTest
	@CsvSource({ "2, 0", "0, 2", "2, 2" })
	void doesNotCacheAReadThatOverlapsWithAChange(long version, long stock) {
		assertThat(this.one.get(this.id, () -> {
			this.two.invalidateOlder(this.id, version, stock);
			return product(1, 1);
		})).isEqualTo(product(1, 1));
		Instance another = new Instance(LONG_TIMEOUT, FOREVER);
		assertThat(another.get(this.id, () -> product(2, 2))).as("in Redis").isEqualTo(product(2, 2));
		assertThat(this.two.get(this.id, NOT_READ)).isEqualTo(product(2, 2));

		UUID other = UUID.randomUUID();
		this.one.get(other, () -> {
			this.one.invalidateOlder(other, version, stock);
			return product(other, 1, 1);
		});
		assertThat(this.one.get(other, () -> product(other, 2, 2))).as("in memory").isEqualTo(product(other, 2, 2));
	}

	@Test
	void aSlowReadDoesNotReplaceANewerProduct() {
		this.one.get(this.id, () -> {
			this.two.put(product(1, 2));
			return product(1, 1);
		});
		assertThat(new Instance(LONG_TIMEOUT, FOREVER).get(this.id, NOT_READ)).as("in Redis").isEqualTo(product(1, 2));

		UUID other = UUID.randomUUID();
		this.one.get(other, () -> {
			this.one.put(product(other, 2, 1));
			return product(other, 1, 1);
		});
		assertThat(this.one.get(other, NOT_READ)).as("in memory").isEqualTo(product(other, 2, 1));
	}

	/** As after a failover of Redis to a replica that had not received the change. */
	@Test
	void ignoresAnOlderProductInRedis() {
		this.one.invalidateOlder(this.id, 2, 0);
		inRedis("return tostring(redis.call('DEL', KEYS[1]))", key() + ":newest");
		this.two.put(product(1, 1));
		assertThat(this.one.get(this.id, () -> product(2, 1))).isEqualTo(product(2, 1));
	}

	@ParameterizedTest
	@CsvSource({ "2, 0", "0, 2", "2, 2" })
	void aChangeRemovesOlderProductsFromBothLevels(long version, long stock) {
		this.one.put(product(1, 1));
		this.two.get(this.id, NOT_READ);
		this.two.invalidateOlder(this.id, version, stock);
		assertThat(this.two.get(this.id, () -> product(2, 2))).isEqualTo(product(2, 2));
		this.one.invalidateOlder(this.id, version, stock);
		assertThat(this.one.get(this.id, NOT_READ)).as("what is newer stays in Redis").isEqualTo(product(2, 2));
	}

	@Test
	void invalidatesSeveralProducts() {
		UUID other = UUID.randomUUID();
		UUID third = UUID.randomUUID();
		for (UUID each : List.of(this.id, other, third)) {
			this.one.put(product(each, 1, 1));
		}
		this.one.cache.invalidateOlder(Map.of(this.id, new ProductVersion(2, 0), other, new ProductVersion(0, 2)));
		assertThat(this.two.get(this.id, () -> product(2, 1))).isEqualTo(product(2, 1));
		assertThat(this.two.get(other, () -> product(other, 1, 2))).isEqualTo(product(other, 1, 2));
		assertThat(this.two.get(third, NOT_READ)).isEqualTo(product(third, 1, 1));
	}

	@Test
	void anEvictionWithoutAVersionRemovesEverything() {
		this.one.put(product(1, 1));
		this.one.cache.evict(this.id);
		assertThat(this.one.get(this.id, () -> product(2, 1))).isEqualTo(product(2, 1));
		assertThat(this.one.cache.getName()).isEqualTo(ProductCache.NAME);
		assertThat(this.one.cache.getNativeCache()).isInstanceOf(com.github.benmanes.caffeine.cache.Cache.class);
	}

	@Test
	void waitsOnlyOnceWhileRedisHangs() {
		Instance impatient = new Instance(Duration.ofMillis(50), FOREVER);
		this.redis.hang();
		try {
			for (int i = 0; i < 500; i++) {
				UUID each = UUID.randomUUID();
				assertThat(impatient.get(each, () -> product(each, 1, 1))).isEqualTo(product(each, 1, 1));
				impatient.invalidateOlder(each, 2, 0);
				assertThat(impatient.get(each, () -> product(each, 2, 1))).isEqualTo(product(each, 2, 1));
			}
			assertThat(impatient.failures()).isEqualTo(1);
		}
		finally {
			this.redis.wake();
		}
	}

	@Test
	void usesRedisAgainAfterAFailure() {
		Instance impatient = new Instance(Duration.ofMillis(200), Duration.ofMillis(100));
		this.redis.kill();
		try {
			assertThat(impatient.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
			assertThat(impatient.failures()).isPositive();
		}
		finally {
			this.redis.start();
		}
		await().ignoreExceptions().until(() -> {
			UUID each = UUID.randomUUID();
			impatient.put(product(each, 1, 1));
			return inRedis("return redis.call('GET', KEYS[1])", "catalogue:1:{" + each + "}") != null;
		});
	}

	@Test
	void ignoresRedisAfterAFailedInvalidation() {
		Instance impatient = new Instance(Duration.ofMillis(200), Duration.ofMillis(1));
		this.one.put(product(1, 1));
		this.redis.hang();
		try {
			impatient.invalidateOlder(UUID.randomUUID(), 1, 1);
		}
		finally {
			this.redis.wake();
		}
		await().until(() -> {
			long failures = impatient.failures();
			impatient.put(product(UUID.randomUUID(), 1, 1));
			return impatient.failures() == failures;
		});
		assertThat(impatient.get(this.id, () -> product(1, 2))).isEqualTo(product(1, 2));
		assertThat(impatient.inRedis("hit")).isZero();
	}

	@Test
	void ignoresUnreadableEntries() {
		inRedis("return redis.call('SET', KEYS[1], '{')", key());
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
		assertThat(this.one.failures()).isEqualTo(1);
	}

	/** Instances of two releases share Redis, so a change of the JSON needs a new key. */
	@Test
	void theKeyContainsTheVersionOfTheJson() {
		this.one.put(product(3, 4));
		assertThat(inRedis("return redis.call('GET', KEYS[1])", "catalogue:1:{" + this.id + "}")).isEqualTo("""
				{"id":"%s","sku":"s","name":"n","description":"d","category":"c",\
				"price":{"amount":1,"currency":"EUR"},"availability":"LOW","active":true,"version":3,"stockVersion":4}\
				""".formatted(this.id));
	}

	private String key() {
		return "catalogue:1:{" + this.id + "}";
	}

	private static @Nullable String inRedis(String script, String... keys) {
		return scripts.run(RedisScript.of(script, String.class), List.of(keys), List.of()).block(LONG_TIMEOUT);
	}

	private CatalogueProduct product(long version, long stock) {
		return product(this.id, version, stock);
	}

	private static CatalogueProduct product(UUID id, long version, long stock) {
		return new CatalogueProduct(id, "s", "n", "d", "c", new Money(1, "EUR"), Availability.LOW, true, version,
				stock);
	}

}
