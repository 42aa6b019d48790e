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
 * Products by id: for a moment in the memory of this instance, and for longer in Redis,
 * where all instances find them. Both levels remember the newest version that they were
 * told of, so that a read that took long does not bring an older one back.
 */
@Component
final class ProductCache extends AbstractValueAdaptingCache {

	static final String NAME = "catalogue.products";

	private final Cache<UUID, CatalogueProduct> products;

	private final Cache<UUID, ProductVersion> newest;

	private final SharedProducts shared;

	ProductCache(SharedProducts shared, CacheProperties properties, MeterRegistry meters, Ticker ticker) {
		super(false);
		this.shared = shared;
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
		CatalogueProduct here = this.products.getIfPresent((UUID) id);
		if (here != null) {
			return here;
		}
		CatalogueProduct there = this.shared.find((UUID) id);
		return (there != null && keep(there)) ? there : null;
	}

	/**
	 * Reads outside of any lock: who waits for a database that does not answer waits for
	 * one time-out, not for those of everybody before.
	 */
	@Override
	@SuppressWarnings("unchecked") // as the interface has it
	public <T> @Nullable T get(Object id, Callable<T> read) {
		Object known = lookup(id);
		if (known != null) {
			return (T) known;
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

	/** Keeps a product, unless a newer one was there. */
	@Override
	public void put(Object id, @Nullable Object product) {
		if (product instanceof CatalogueProduct fresh && keep(fresh)) {
			this.shared.put(fresh);
		}
	}

	private boolean keep(CatalogueProduct product) {
		ProductVersion version = product.state();
		return version.equals(this.newest.asMap().compute(product.id(), (id, known) -> {
			if (known != null && version.isOlderThan(known)) {
				return known;
			}
			this.products.put(id, product);
			return version;
		}));
	}

	/** Forgets what is older than these versions, and takes no such thing any more. */
	void outdate(Map<UUID, ProductVersion> changes) {
		this.shared.outdate(changes);
		changes.forEach((id, change) -> this.newest.asMap().compute(id, (_, known) -> {
			this.products.invalidate(id);
			return (known != null) ? known.newer(change) : change;
		}));
	}

	/**
	 * Without a version nothing tells a late read from others: {@link #outdate} has one.
	 */
	@Override
	public void evict(Object id) {
		clear();
	}

	@Override
	public void clear() {
		this.shared.distrust();
		this.products.invalidateAll();
	}

}
