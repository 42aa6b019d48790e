package dev.sagamart.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Token buckets of this instance alone. When there are more keys than it may hold, the
 * least used are forgotten, which fills their buckets.
 */
class LocalBuckets {

	/** Longer than any bucket that is worth keeping takes to fill. */
	private static final Duration UNUSED = Duration.ofMinutes(1);

	/** By key, the microsecond at which the bucket will be full. */
	private final Cache<String, AtomicLong> buckets;

	private final LongSupplier nanoTime;

	LocalBuckets(int size, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.buckets = Caffeine.newBuilder().maximumSize(size).expireAfterAccess(UNUSED).build();
	}

	/**
	 * Takes a token of each, or of none if one of them is empty. Until the tokens of the
	 * others are back, another request may miss them.
	 */
	List<Decision> take(List<Bucket> wanted) {
		List<Decision> decisions = wanted.stream().map(this::take).toList();
		if (!decisions.stream().allMatch(Decision::allowed)) {
			for (int i = 0; i < wanted.size(); i++) {
				if (decisions.get(i).allowed()) {
					giveBack(wanted.get(i));
				}
			}
		}
		return decisions;
	}

	private void giveBack(Bucket taken) {
		AtomicLong bucket = this.buckets.getIfPresent(taken.key());
		if (bucket != null) {
			bucket.addAndGet(-taken.rate().interval());
		}
	}

	private Decision take(Bucket wanted) {
		Rate rate = wanted.rate();
		long now = TimeUnit.NANOSECONDS.toMicros(this.nanoTime.getAsLong());
		AtomicLong bucket = this.buckets.get(wanted.key(), (missing) -> new AtomicLong(now));
		while (true) {
			long full = bucket.get();
			long next = Math.max(full, now) + rate.interval();
			long debt = next - now;
			if (debt > rate.window() || bucket.compareAndSet(full, next)) {
				return Decision.of(rate, debt);
			}
		}
	}

}
