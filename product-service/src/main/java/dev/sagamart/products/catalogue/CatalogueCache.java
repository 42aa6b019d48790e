package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sagamart.products.catalogue.ProductSearch.Found;
import dev.sagamart.products.catalogue.ProductSearch.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was read a moment ago. Entries belong to an epoch, which a change ends: a read
 * that was under way when a change committed can only fill the epoch before it, so that
 * nobody who saw the change sees the older state again.
 */
final class CatalogueCache {

	/** How old an entry may be. */
	static final Duration LIFETIME = Duration.ofSeconds(1);

	private final Cache<InEpoch<UUID>, CatalogueProduct> products;

	private final Cache<InEpoch<ListKey>, List<Found>> lists;

	private final AtomicLong epoch = new AtomicLong();

	CatalogueCache(MeterRegistry meters, Ticker ticker) {
		this.products = cache(5_000, "catalogue.products", meters, ticker);
		this.lists = cache(500, "catalogue.lists", meters, ticker);
	}

	record ListKey(ProductSearch search, @Nullable Position after, int limit) {
	}

	private record InEpoch<K>(long epoch, K key) {
	}

	Optional<CatalogueProduct> product(UUID id, Function<UUID, Optional<CatalogueProduct>> read) {
		return get(this.products, id, read);
	}

	List<Found> list(ListKey list, Function<ListKey, List<Found>> read) {
		return get(this.lists, list, (key) -> Optional.of(read.apply(key))).orElseThrow();
	}

	/** Makes everything be read again. */
	void forget() {
		this.epoch.incrementAndGet();
	}

	/**
	 * Reads outside of the cache's locks: who waits for a database that does not answer
	 * waits for one time-out, not for those of everybody before.
	 */
	private <K, V> Optional<V> get(Cache<InEpoch<K>, V> cache, K key, Function<K, Optional<V>> read) {
		InEpoch<K> current = new InEpoch<>(this.epoch.get(), key);
		V cached = cache.getIfPresent(current);
		if (cached != null) {
			return Optional.of(cached);
		}
		Optional<V> fresh = read.apply(key);
		fresh.ifPresent((value) -> cache.put(current, value));
		return fresh;
	}

	private static <K, V> Cache<K, V> cache(int size, String name, MeterRegistry meters, Ticker ticker) {
		Cache<K, V> cache = Caffeine.newBuilder()
			.maximumSize(size)
			.expireAfterWrite(LIFETIME)
			.ticker(ticker)
			.recordStats()
			.build();
		CaffeineCacheMetrics.monitor(meters, cache, name);
		return cache;
	}

}
