package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/**
 * Caches lists in memory. Lists have no version. Instead, each change begins a new epoch,
 * which is a part of the key: a read that began before a change is stored in an epoch
 * that nobody reads any more.
 */
@Component
final class ListCache extends UnlockedCache {

	static final String NAME = "catalogue.lists";

	private final AtomicLong epoch = new AtomicLong();

	ListCache(CacheProperties properties, MeterRegistry meters, Ticker ticker) {
		super(NAME, 500, properties, meters, ticker);
	}

	private record EpochKey(long epoch, Object key) {
	}

	@Override
	Object currentKey(Object key) {
		return new EpochKey(this.epoch.get(), key);
	}

	@Override
	public void clear() {
		this.epoch.incrementAndGet();
	}

}
