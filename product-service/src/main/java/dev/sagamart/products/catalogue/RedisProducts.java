package dev.sagamart.products.catalogue;

import dev.sagamart.platform.redis.RedisScripts;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Caches products in Redis, behind a circuit breaker. No method throws: while Redis is
 * unavailable or slow, reads find nothing.
 */
@Component
final class RedisProducts {

	/** Contains the version of the JSON format, and must change with it. */
	private static final String KEY = "catalogue:1:";

	private static final RedisScript<String> FIND = RedisScript.of("return redis.call('GET', KEYS[1])", String.class);

	/**
	 * For each product, stores the newer versions, and its JSON unless that is older. An
	 * empty JSON deletes an older one instead.
	 */
	private static final RedisScript<Long> UPDATE = RedisScript.of("""
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

	private final RedisScripts redis;

	private final CacheProperties properties;

	private final Counter hits;

	private final Counter misses;

	private final CircuitBreaker breaker;

	private volatile long ignoredUntil = System.nanoTime();

	RedisProducts(RedisScripts redis, CacheProperties properties, CircuitBreakerRegistry breakers,
			MeterRegistry meters) {
		this.redis = redis;
		this.properties = properties;
		this.hits = meters.counter("cache.gets", "cache", ProductCache.NAME + ".redis", "result", "hit");
		this.misses = meters.counter("cache.gets", "cache", ProductCache.NAME + ".redis", "result", "miss");
		this.breaker = breakers.circuitBreaker("redis");
	}

	@Nullable CatalogueProduct find(UUID id) {
		CatalogueProduct product = (System.nanoTime() - this.ignoredUntil >= 0)
				? call(this.redis.run(FIND, List.of(key(id)), List.of())
					.map((json) -> JSON.readValue(json, CatalogueProduct.class)))
				: null;
		((product != null) ? this.hits : this.misses).increment();
		return product;
	}

	/** Stores a product, unless a newer version is known. */
	void put(CatalogueProduct product) {
		update(Map.of(product.id(), product.productVersion()), JSON.writeValueAsString(product));
	}

	/**
	 * Removes products older than these versions, and refuses to store them later. If
	 * that fails, ignores all entries until they have expired.
	 */
	void invalidateOlder(Map<UUID, ProductVersion> changes) {
		if (!update(changes, "")) {
			ignoreEntries();
		}
	}

	private boolean update(Map<UUID, ProductVersion> versions, String json) {
		List<String> keys = new ArrayList<>();
		List<String> arguments = new ArrayList<>(List.of(text(this.properties.redisLifetime().toMillis()),
				text(CacheProperties.LONGEST_READ.toMillis())));
		versions.forEach((id, version) -> {
			keys.addAll(List.of(key(id), key(id) + ":newest"));
			arguments.addAll(List.of(text(version.product()), text(version.stock()), json));
		});
		return call(this.redis.run(UPDATE, keys, arguments)) != null;
	}

	/** Ignores all current entries until they have expired. */
	void ignoreEntries() {
		this.ignoredUntil = System.nanoTime() + this.properties.redisLifetime().toNanos();
	}

	private <T> @Nullable T call(Mono<T> command) {
		try {
			return this.breaker.executeSupplier(() -> command.block(this.properties.redisTimeout()));
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/** The braces are a hash tag: both keys of a product are in the same slot. */
	private static String key(UUID id) {
		return KEY + "{" + id + "}";
	}

	private static String text(long number) {
		return Long.toString(number);
	}

}
