package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * A cache in memory that reads without a lock. If the database does not respond, each
 * caller waits for one timeout. With a lock, it would also wait for the timeouts of the
 * callers before it.
 */
abstract class UnlockedCache extends CaffeineCache {

	UnlockedCache(String name, long maximumSize, CacheProperties properties, MeterRegistry meters, Ticker ticker) {
		super(name,
				Caffeine.newBuilder()
					.maximumSize(maximumSize)
					.expireAfterWrite(properties.lifetime())
					.ticker(ticker)
					.recordStats()
					.build(),
				false);
		CaffeineCacheMetrics.monitor(meters, getNativeCache(), name);
	}

	/** The key of an entry that is read now. */
	Object currentKey(Object key) {
		return key;
	}

	@Override
	@SuppressWarnings("unchecked") // the interface does not check the type either
	public <T> @Nullable T get(Object key, Callable<T> read) {
		Object current = currentKey(key);
		Object cached = lookup(current);
		if (cached != null) {
			return (T) cached;
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

}
