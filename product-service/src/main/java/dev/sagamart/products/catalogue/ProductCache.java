package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.AbstractValueAdaptingCache;
import org.springframework.stereotype.Component;

/**
 * Caches products by id: for a short time in the memory of this instance, and for longer
 * in Redis, which all instances share. Both levels keep the newest known version of a
 * product, so that a slow read cannot store an older one.
 */
@Component
final class ProductCache extends AbstractValueAdaptingCache {

	static final String NAME = "catalogue.products";

	private final Cache<UUID, CatalogueProduct> products;

	private final Cache<UUID, ProductVersion> newest;

	private final RedisProducts redis;

	ProductCache(RedisProducts redis, CacheProperties properties, MeterRegistry meters, Ticker ticker) {
		super(false);
		this.redis = redis;
		this.products = Caffeine.newBuilder()
			.maximumSize(5_000)
			.expireAfterWrite(properties.lifetime())
			.ticker(ticker)
			.recordStats()
			.build();
		this.newest = Caffeine.newBuilder()
			.maximumSize(20_000)
			.expireAfterWrite(CacheProperties.LONGEST_READ)
			.ticker(ticker)
			.build();
		CaffeineCacheMetrics.monitor(meters, this.products, NAME);
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public Object getNativeCache() {
		return this.products;
	}

	@Override
	protected @Nullable Object lookup(Object id) {
		CatalogueProduct inMemory = this.products.getIfPresent((UUID) id);
		if (inMemory != null) {
			return inMemory;
		}
		CatalogueProduct inRedis = this.redis.find((UUID) id);
		return (inRedis != null && putInMemory(inRedis)) ? inRedis : null;
	}

	/**
	 * Reads without a lock. If the database does not respond, each caller waits for one
	 * timeout. With a lock, it would also wait for the timeouts of the callers before it.
	 */
	@Override
	@SuppressWarnings("unchecked") // the interface does not check the type either
	public <T> @Nullable T get(Object id, Callable<T> read) {
		Object cached = lookup(id);
		if (cached != null) {
			return (T) cached;
		}
		try {
			T fresh = read.call();
			if (fresh != null) {
				put(id, fresh);
			}
			return fresh;
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(id, read, ex);
		}
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
			this.products.put(id, product);
			return version;
		}));
	}

	/** Removes products older than these versions, and refuses to store them later. */
	void invalidateOlder(Map<UUID, ProductVersion> changes) {
		this.redis.invalidateOlder(changes);
		changes.forEach((id, change) -> this.newest.asMap().compute(id, (_, current) -> {
			this.products.invalidate(id);
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
		this.products.invalidateAll();
	}

}
