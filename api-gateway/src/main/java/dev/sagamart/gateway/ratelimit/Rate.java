package dev.sagamart.gateway.ratelimit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket.
 *
 * @param perSecond how many tokens come back in a second, evenly spread
 * @param burst how many tokens a full bucket holds
 */
record Rate(@Positive @Max(1_000_000) int perSecond, @Positive @Max(1_000_000) int burst) {

	/** Microseconds in which one token comes back. */
	long interval() {
		return TimeUnit.SECONDS.toMicros(1) / this.perSecond;
	}

	/** Microseconds in which an empty bucket fills. */
	long window() {
		return interval() * this.burst;
	}

}
