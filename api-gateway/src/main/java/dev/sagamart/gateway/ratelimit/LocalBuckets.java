package dev.sagamart.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Token buckets of this instance alone. Beyond the maximum number, the least used buckets
 * are removed, which has the same effect as filling them.
 */
class LocalBuckets {

	/** Buckets that are unused for so long are removed, because they are full again. */
	private static final Duration UNUSED = Duration.ofMinutes(1);

	/** The time at which each bucket will be full, in microseconds, by its key. */
	private final Cache<String, Long> buckets;

	private final LongSupplier nanoTime;

	LocalBuckets(int size, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.buckets = Caffeine.newBuilder().maximumSize(size).expireAfterAccess(UNUSED).build();
	}

	/**
	 * Takes a token from each bucket, or from none if one of them is empty. Until the
	 * tokens of the others are returned, another request may lack them.
	 */
	List<Decision> take(List<Bucket> wanted) {
		List<Decision> decisions = wanted.stream().map(this::take).toList();
		if (!decisions.stream().allMatch(Decision::allowed)) {
			for (int i = 0; i < wanted.size(); i++) {
				if (decisions.get(i).allowed()) {
					Rate rate = wanted.get(i).rate();
					this.buckets.asMap().computeIfPresent(wanted.get(i).key(), (_, full) -> full - rate.interval());
				}
			}
		}
		return decisions;
	}

	private Decision take(Bucket wanted) {
		Rate rate = wanted.rate();
		long now = TimeUnit.NANOSECONDS.toMicros(this.nanoTime.getAsLong());
		AtomicLong debt = new AtomicLong();
		this.buckets.asMap().compute(wanted.key(), (_, full) -> {
			debt.set(((full != null) ? Math.max(full - now, 0) : 0) + rate.interval());
			return (debt.get() > rate.window()) ? full : Long.valueOf(now + debt.get());
		});
		return Decision.of(rate, debt.get());
	}

}
