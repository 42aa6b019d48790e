package dev.sagamart.gateway.ratelimit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.util.concurrent.TimeUnit;

/**
 * The size of a token bucket, and how fast it fills.
 *
 * @param perSecond the number of tokens that return in a second, at equal intervals
 * @param burst the number of tokens in a full bucket
 */
record Rate(@Positive @Max(1_000_000) int perSecond, @Positive @Max(1_000_000) int burst) {

	/** The microseconds in which one token returns. */
	long interval() {
		return TimeUnit.SECONDS.toMicros(1) / this.perSecond;
	}

	/** The microseconds in which an empty bucket becomes full. */
	long window() {
		return interval() * this.burst;
	}

}
