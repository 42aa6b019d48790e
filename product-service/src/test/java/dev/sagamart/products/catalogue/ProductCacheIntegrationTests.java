package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.platform.redis.RedisScripts;
import dev.sagamart.platform.test.TestRedis;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.products.stock.Availability;
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

/** The caches of several instances, with a Redis that they share and that goes away. */
class ProductCacheIntegrationTests {

	private static final Duration LIFETIME = Duration.ofSeconds(1);

	/** Longer than a Redis that is well ever takes on a busy machine. */
	private static final Duration PATIENT = Duration.ofSeconds(20);

	/** So long that a test never sees the end of it. */
	private static final Duration FOREVER = Duration.ofHours(1);

	private static final Callable<CatalogueProduct> NOT_READ = () -> {
		throw new AssertionError("It is there, and need not be read");
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
		this.one = new Instance(PATIENT, FOREVER);
		this.two = new Instance(PATIENT, FOREVER);
	}

	/** What one of several instances has, which starts with an empty memory. */
	private static final class Instance {

		private final AtomicLong nanos = new AtomicLong();

		private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

		private final ProductCache cache;

		Instance(Duration timeout, Duration pause) {
			CacheProperties properties = new CacheProperties(LIFETIME, FOREVER, timeout, pause);
			this.cache = new ProductCache(new SharedProducts(scripts, properties, this.meters), properties, this.meters,
					this.nanos::get);
		}

		@Nullable CatalogueProduct get(UUID id, Callable<CatalogueProduct> read) {
			return this.cache.get(id, read);
		}

		void put(CatalogueProduct product) {
			this.cache.put(product.id(), product);
		}

		void outdate(UUID id, long version, long stock) {
			this.cache.outdate(Map.of(id, new ProductVersion(version, stock)));
		}

		double here(String result) {
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

		double failures() {
			return this.meters.get("sagamart.catalogue.redis.failures").counter().count();
		}

	}

	@Test
	void whatOneInstanceReadAllHave() {
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
		assertThat(this.one.get(this.id, NOT_READ)).isEqualTo(product(1, 1));
		assertThat(this.two.get(this.id, NOT_READ)).isEqualTo(product(1, 1));
		assertThat(this.two.get(this.id, NOT_READ)).isEqualTo(product(1, 1));
		assertThat(this.one.here("hit")).isEqualTo(1);
		assertThat(this.one.here("miss")).isEqualTo(1);
		assertThat(this.one.inRedis("miss")).isEqualTo(1);
		assertThat(this.two.here("hit")).isEqualTo(1);
		assertThat(this.two.here("miss")).isEqualTo(1);
		assertThat(this.two.inRedis("hit")).isEqualTo(1);
		assertThat(this.two.inRedis("miss")).isZero();
	}

	@Test
	void keepsNothingInMemoryForLongerThanItsLifetime() {
		this.one.put(product(1, 1));
		this.one.nanos.addAndGet(LIFETIME.toNanos() - 1);
		this.one.get(this.id, NOT_READ);
		assertThat(this.one.inRedis("hit")).isZero();
		this.one.nanos.incrementAndGet();
		this.one.get(this.id, NOT_READ);
		assertThat(this.one.inRedis("hit")).isEqualTo(1);
	}

	@Test
	void keepsNothingInRedisForLongerThanItsLifetime() {
		this.one.put(product(1, 1));
		assertThat(Long.parseLong(inRedis("return tostring(redis.call('PTTL', KEYS[1]))", key()))).isBetween(1L,
				FOREVER.toMillis());
		assertThat(Long.parseLong(inRedis("return tostring(redis.call('PTTL', KEYS[1]))", key() + ":newest")))
			.isBetween(1L, CacheProperties.LONGEST_READ.toMillis());
	}

	@Test
	void doesNotRememberThatThereIsNothing() {
		assertThat(this.one.get(this.id, () -> null)).isNull();
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
	}

	@Test
	void aReadThatFailsIsNotKept() {
		assertThatThrownBy(() -> this.one.get(this.id, () -> {
			throw new IllegalStateException("away");
		})).isInstanceOf(ValueRetrievalException.class).hasRootCauseMessage("away");
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
	}

	@ParameterizedTest
	@CsvSource({ "2, 0", "0, 2", "2, 2" })
	void aReadThatWasUnderWayDuringAChangeIsKeptNowhere(long version, long stock) {
		assertThat(this.one.get(this.id, () -> {
			this.two.outdate(this.id, version, stock);
			return product(1, 1);
		})).isEqualTo(product(1, 1));
		Instance another = new Instance(PATIENT, FOREVER);
		assertThat(another.get(this.id, () -> product(2, 2))).as("in Redis").isEqualTo(product(2, 2));
		assertThat(this.two.get(this.id, NOT_READ)).isEqualTo(product(2, 2));

		UUID other = UUID.randomUUID();
		this.one.get(other, () -> {
			this.one.outdate(other, version, stock);
			return product(other, 1, 1);
		});
		assertThat(this.one.get(other, () -> product(other, 2, 2))).as("in memory").isEqualTo(product(other, 2, 2));
	}

	@Test
	void aLateReadDoesNotReplaceANewerOne() {
		this.one.get(this.id, () -> {
			this.two.put(product(1, 2));
			return product(1, 1);
		});
		assertThat(new Instance(PATIENT, FOREVER).get(this.id, NOT_READ)).as("in Redis").isEqualTo(product(1, 2));

		UUID other = UUID.randomUUID();
		this.one.get(other, () -> {
			this.one.put(product(other, 2, 1));
			return product(other, 1, 1);
		});
		assertThat(this.one.get(other, NOT_READ)).as("in memory").isEqualTo(product(other, 2, 1));
	}

	/** As after a failure of Redis in which its replica did not hear of a change. */
	@Test
	void doesNotTakeFromRedisWhatItKnowsToBeOutdated() {
		this.one.outdate(this.id, 2, 0);
		inRedis("return tostring(redis.call('DEL', KEYS[1]))", key() + ":newest");
		this.two.put(product(1, 1));
		assertThat(this.one.get(this.id, () -> product(2, 1))).isEqualTo(product(2, 1));
	}

	@ParameterizedTest
	@CsvSource({ "2, 0", "0, 2", "2, 2" })
	void aChangeOutdatesWhatIsOlderInBothLevels(long version, long stock) {
		this.one.put(product(1, 1));
		this.two.get(this.id, NOT_READ);
		this.two.outdate(this.id, version, stock);
		assertThat(this.two.get(this.id, () -> product(2, 2))).isEqualTo(product(2, 2));
		this.one.outdate(this.id, version, stock);
		assertThat(this.one.get(this.id, NOT_READ)).as("what is newer stays in Redis").isEqualTo(product(2, 2));
	}

	@Test
	void severalProductsChangeAtOnce() {
		UUID other = UUID.randomUUID();
		UUID third = UUID.randomUUID();
		for (UUID each : List.of(this.id, other, third)) {
			this.one.put(product(each, 1, 1));
		}
		this.one.cache.outdate(Map.of(this.id, new ProductVersion(2, 0), other, new ProductVersion(0, 2)));
		assertThat(this.two.get(this.id, () -> product(2, 1))).isEqualTo(product(2, 1));
		assertThat(this.two.get(other, () -> product(other, 1, 2))).isEqualTo(product(other, 1, 2));
		assertThat(this.two.get(third, NOT_READ)).isEqualTo(product(third, 1, 1));
	}

	@Test
	void withoutKnowingWhatChangedEverythingIsReadAnew() {
		this.one.put(product(1, 1));
		this.one.cache.evict(this.id);
		assertThat(this.one.get(this.id, () -> product(2, 1))).isEqualTo(product(2, 1));
		assertThat(this.one.cache.getName()).isEqualTo(ProductCache.NAME);
		assertThat(this.one.cache.getNativeCache()).isInstanceOf(com.github.benmanes.caffeine.cache.Cache.class);
	}

	@Test
	void waitsOnceForARedisThatHangs() {
		Instance hasty = new Instance(Duration.ofMillis(50), FOREVER);
		this.redis.hang();
		try {
			for (int i = 0; i < 500; i++) {
				UUID each = UUID.randomUUID();
				assertThat(hasty.get(each, () -> product(each, 1, 1))).isEqualTo(product(each, 1, 1));
				hasty.outdate(each, 2, 0);
				assertThat(hasty.get(each, () -> product(each, 2, 1))).isEqualTo(product(each, 2, 1));
			}
			assertThat(hasty.failures()).isEqualTo(1);
		}
		finally {
			this.redis.wake();
		}
	}

	@Test
	void findsRedisAgain() {
		Instance hasty = new Instance(Duration.ofMillis(200), Duration.ofMillis(100));
		this.redis.kill();
		try {
			assertThat(hasty.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
			assertThat(hasty.failures()).isPositive();
		}
		finally {
			this.redis.start();
		}
		await().ignoreExceptions().until(() -> {
			UUID each = UUID.randomUUID();
			hasty.put(product(each, 1, 1));
			return inRedis("return redis.call('GET', KEYS[1])", "catalogue:1:{" + each + "}") != null;
		});
	}

	@Test
	void doesNotBelieveARedisThatItCouldNotTell() {
		Instance hasty = new Instance(Duration.ofMillis(200), Duration.ofMillis(1));
		this.one.put(product(1, 1));
		this.redis.hang();
		try {
			hasty.outdate(UUID.randomUUID(), 1, 1);
		}
		finally {
			this.redis.wake();
		}
		await().until(() -> {
			double failures = hasty.failures();
			hasty.put(product(UUID.randomUUID(), 1, 1));
			return hasty.failures() == failures;
		});
		assertThat(hasty.get(this.id, () -> product(1, 2))).isEqualTo(product(1, 2));
		assertThat(hasty.inRedis("hit")).isZero();
	}

	@Test
	void doesWithoutWhatItCannotRead() {
		inRedis("return redis.call('SET', KEYS[1], '{')", key());
		assertThat(this.one.get(this.id, () -> product(1, 1))).isEqualTo(product(1, 1));
		assertThat(this.one.failures()).isEqualTo(1);
	}

	/** Instances of two releases share a Redis: another form needs another key. */
	@Test
	void theFormOfAProductGoesWithItsKey() {
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
		return scripts.run(RedisScript.of(script, String.class), List.of(keys), List.of()).block(PATIENT);
	}

	private CatalogueProduct product(long version, long stock) {
		return product(this.id, version, stock);
	}

	private static CatalogueProduct product(UUID id, long version, long stock) {
		return new CatalogueProduct(id, "s", "n", "d", "c", new Money(1, "EUR"), Availability.LOW, true, version,
				stock);
	}

}
