package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sagamart.products.catalogue.ProductSearch.Found;
import dev.sagamart.products.catalogue.ProductSearch.Position;
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

	private final Cache<InEpoch<UUID>, @Nullable CatalogueProduct> products = cache(5_000);

	private final Cache<InEpoch<ListKey>, List<Found>> lists = cache(500);

	private final AtomicLong epoch = new AtomicLong();

	record ListKey(ProductSearch search, @Nullable Position after, int limit) {
	}

	private record InEpoch<K>(long epoch, K key) {
	}

	Optional<CatalogueProduct> product(UUID id, Function<UUID, Optional<CatalogueProduct>> read) {
		return Optional.ofNullable(
				this.products.get(new InEpoch<>(this.epoch.get(), id), (key) -> read.apply(key.key()).orElse(null)));
	}

	List<Found> list(ListKey list, Function<ListKey, List<Found>> read) {
		return this.lists.get(new InEpoch<>(this.epoch.get(), list), (key) -> read.apply(key.key()));
	}

	/** Makes everything be read again. */
	void forget() {
		this.epoch.incrementAndGet();
	}

	private static <K, V extends @Nullable Object> Cache<K, V> cache(int size) {
		return Caffeine.newBuilder().maximumSize(size).expireAfterWrite(LIFETIME).build();
	}

}
