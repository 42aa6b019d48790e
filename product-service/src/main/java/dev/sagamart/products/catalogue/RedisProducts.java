package dev.sagamart.products.catalogue;

import dev.sagamart.platform.redis.RedisScripts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Products in Redis. Nothing here fails: while Redis is away or slow, it is as if there
 * were nothing in it. A call that it does not answer in time costs its request that time;
 * all others do without it, until one of them, once in a pause, finds it well again.
 */
@Component
final class SharedProducts {

	/** The number is that of the product's form, and changes with it. */
	private static final String KEY = "catalogue:1:";

	private static final RedisScript<String> FIND = RedisScript.of("return redis.call('GET', KEYS[1])", String.class);

	/**
	 * For each product, takes its two versions and its JSON, or nothing where that is
	 * only known to be outdated.
	 */
	private static final RedisScript<Long> TELL = RedisScript.of("""
			for i = 1, #KEYS / 2 do
				local at, versions = KEYS[2 * i - 1], KEYS[2 * i]
				local product, stock, json = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), ARGV[3 * i + 2]
				local newest = redis.call('HMGET', versions, 'product', 'stock')
				local p, s = tonumber(newest[1] or -1), tonumber(newest[2] or -1)
				if json ~= '' and product >= p and stock >= s then
					redis.call('SET', at, json, 'PX', ARGV[1])
				elseif json == '' and (product > p or stock > s) then
					redis.call('DEL', at)
				end
				redis.call('HSET', versions, 'product', math.max(product, p), 'stock', math.max(stock, s))
				redis.call('PEXPIRE', versions, ARGV[2])
			end
			return #KEYS
			""", Long.class);

	private static final JsonMapper JSON = JsonMapper.shared();

	/** Of {@link #retryAt}: Redis is well. */
	private static final long NEVER_FAILED = 0;

	private final RedisScripts redis;

	private final CacheProperties properties;

	private final Counter hits;

	private final Counter misses;

	private final Counter failures;

	private final AtomicLong retryAt = new AtomicLong(NEVER_FAILED);

	private volatile long trustedFrom = System.nanoTime();

	SharedProducts(RedisScripts redis, CacheProperties properties, MeterRegistry meters) {
		this.redis = redis;
		this.properties = properties;
		this.hits = meters.counter("cache.gets", "cache", ProductCache.NAME + ".redis", "result", "hit");
		this.misses = meters.counter("cache.gets", "cache", ProductCache.NAME + ".redis", "result", "miss");
		this.failures = Counter.builder("sagamart.catalogue.redis.failures")
			.description("Calls of Redis that failed or took too long")
			.register(meters);
	}

	@Nullable CatalogueProduct find(UUID id) {
		CatalogueProduct product = (System.nanoTime() - this.trustedFrom >= 0)
				? ask(this.redis.run(FIND, List.of(key(id)), List.of())
					.map((json) -> JSON.readValue(json, CatalogueProduct.class)))
				: null;
		((product != null) ? this.hits : this.misses).increment();
		return product;
	}

	/** Keeps a product, unless a newer one was there. */
	void put(CatalogueProduct product) {
		tell(Map.of(product.id(), product.state()), JSON.writeValueAsString(product));
	}

	/** Forgets what is older than these versions, and takes no such thing any more. */
	void outdate(Map<UUID, ProductVersion> changes) {
		if (!tell(changes, "")) {
			distrust();
		}
	}

	private boolean tell(Map<UUID, ProductVersion> versions, String json) {
		List<String> keys = new ArrayList<>();
		List<String> arguments = new ArrayList<>(List.of(text(this.properties.redisLifetime().toMillis()),
				text(CacheProperties.LONGEST_READ.toMillis())));
		versions.forEach((id, version) -> {
			keys.addAll(List.of(key(id), key(id) + ":newest"));
			arguments.addAll(List.of(text(version.product()), text(version.stock()), json));
		});
		return ask(this.redis.run(TELL, keys, arguments)) != null;
	}

	/** Does without all that is there now. */
	void distrust() {
		this.trustedFrom = System.nanoTime() + this.properties.redisLifetime().toNanos();
	}

	private <T> @Nullable T ask(Mono<T> question) {
		long due = this.retryAt.get();
		if (due != NEVER_FAILED && (System.nanoTime() - due < 0 || !this.retryAt.compareAndSet(due, afterPause()))) {
			return null;
		}
		try {
			T answer = question.block(this.properties.redisTimeout());
			if (due != NEVER_FAILED) {
				this.retryAt.set(NEVER_FAILED);
			}
			return answer;
		}
		catch (RuntimeException ex) {
			this.failures.increment();
			this.retryAt.set(afterPause());
			return null;
		}
	}

	private long afterPause() {
		return (System.nanoTime() + this.properties.redisPause().toNanos()) | 1;
	}

	/** In braces, so that what belongs to a product is in one place. */
	private static String key(UUID id) {
		return KEY + "{" + id + "}";
	}

	private static String text(long number) {
		return Long.toString(number);
	}

}
