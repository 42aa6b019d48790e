package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Caches products by id: for a short time in the memory of this instance, and for longer
 * in Redis, which all instances share. Both levels keep the newest known version of a
 * product, so that a slow read cannot store an older one.
 */
@Component
final class ProductCache extends UnlockedCache {

	static final String NAME = "catalogue.products";

	private final Cache<UUID, ProductVersion> newest;

	private final RedisProducts redis;

	ProductCache(RedisProducts redis, CacheProperties properties, MeterRegistry meters, Ticker ticker) {
		super(NAME, 5_000, properties, meters, ticker);
		this.redis = redis;
		this.newest = Caffeine.newBuilder()
			.maximumSize(20_000)
			.expireAfterWrite(CacheProperties.LONGEST_READ)
			.ticker(ticker)
			.build();
	}

	@Override
	protected @Nullable Object lookup(Object id) {
		Object inMemory = super.lookup(id);
		if (inMemory != null) {
			return inMemory;
		}
		CatalogueProduct inRedis = this.redis.find((UUID) id);
		return (inRedis != null && putInMemory(inRedis)) ? inRedis : null;
	}

	/** Stores a product, unless a newer version is known. */
	@Override
	public void put(Object id, @Nullable Object product) {
		if (product instanceof CatalogueProduct fresh && putInMemory(fresh)) {
			this.redis.put(fresh);
		}
	}

	private boolean putInMemory(CatalogueProduct product) {
		ProductVersion version = product.productVersion();
		return version.equals(this.newest.asMap().compute(product.id(), (id, current) -> {
			if (current != null && version.isOlderThan(current)) {
				return current;
			}
			getNativeCache().put(id, product);
			return version;
		}));
	}

	/** Removes products older than these versions, and refuses to store them later. */
	void invalidateOlder(Map<UUID, ProductVersion> changes) {
		this.redis.invalidateOlder(changes);
		changes.forEach((id, change) -> this.newest.asMap().compute(id, (_, current) -> {
			getNativeCache().invalidate(id);
			return (current != null) ? current.newer(change) : change;
		}));
	}

	/**
	 * Removes everything, because a slow read could not be detected without a version.
	 * {@link #invalidateOlder} removes single products.
	 */
	@Override
	public void evict(Object id) {
		clear();
	}

	@Override
	public void clear() {
		this.redis.ignoreEntries();
		getNativeCache().invalidateAll();
	}

}
