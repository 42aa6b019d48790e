package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.stereotype.Component;

/**
 * Caches lists in memory. Lists have no version. Instead, each change begins a new epoch,
 * which is a part of the key: a read that began before a change is stored in an epoch
 * that nobody reads any more.
 */
@Component
final class ListCache extends CaffeineCache {

	static final String NAME = "catalogue.lists";

	private final AtomicLong epoch = new AtomicLong();

	ListCache(CacheProperties properties, MeterRegistry meters, Ticker ticker) {
		super(NAME,
				Caffeine.newBuilder()
					.maximumSize(500)
					.expireAfterWrite(properties.lifetime())
					.ticker(ticker)
					.recordStats()
					.build(),
				false);
		CaffeineCacheMetrics.monitor(meters, getNativeCache(), NAME);
	}

	private record EpochKey(long epoch, Object key) {
	}

	/** Reads without a lock, like {@link ProductCache#get(Object, Callable)}. */
	@Override
	@SuppressWarnings("unchecked") // the interface does not check the type either
	public <T> @Nullable T get(Object key, Callable<T> read) {
		EpochKey current = new EpochKey(this.epoch.get(), key);
		ValueWrapper cached = get(current);
		if (cached != null) {
			return (T) cached.get();
		}
		try {
			T fresh = read.call();
			put(current, fresh);
			return fresh;
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(key, read, ex);
		}
	}

	@Override
	public void clear() {
		this.epoch.incrementAndGet();
	}

}
