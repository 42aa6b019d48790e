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
 * Lists that were read a moment ago. They have no version; they belong to an epoch, which
 * a change ends: a read that was under way then can only fill the epoch before it.
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

	private record InEpoch(long epoch, Object key) {
	}

	/** Reads outside of any lock, as {@link ProductCache} does. */
	@Override
	@SuppressWarnings("unchecked") // as the interface has it
	public <T> @Nullable T get(Object key, Callable<T> read) {
		InEpoch current = new InEpoch(this.epoch.get(), key);
		ValueWrapper known = get(current);
		if (known != null) {
			return (T) known.get();
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
