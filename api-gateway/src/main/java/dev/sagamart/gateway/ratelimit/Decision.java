package dev.sagamart.gateway.ratelimit;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Whether a request may pass, and what its client is told.
 *
 * @param limit tokens of the full bucket
 * @param remaining tokens left
 * @param resetSeconds until the bucket is full again, rounded up
 * @param retryAfterSeconds until there is a token again, rounded up; 0 if there is one
 */
record Decision(boolean allowed, int limit, long remaining, long resetSeconds, long retryAfterSeconds) {

	private static final long SECOND = 1_000_000;

	/**
	 * Refusals come first, beginning with the longest; then those that leave the fewest
	 * tokens.
	 */
	private static final Comparator<Decision> STRICTEST_FIRST = Comparator.comparing(Decision::allowed)
		.thenComparing(Decision::retryAfterSeconds, Comparator.reverseOrder())
		.thenComparingLong(Decision::remaining);

	/**
	 * The decision of a bucket that is kept as the one moment at which it will be full
	 * (the generic cell rate algorithm).
	 * @param debt microseconds from now until the bucket would be full, had this request
	 * taken its token
	 */
	static Decision of(Rate rate, long debt) {
		long missing = debt - rate.window();
		if (missing > 0) {
			return new Decision(false, rate.burst(), 0, seconds(debt - rate.interval()), Math.max(1, seconds(missing)));
		}
		return new Decision(true, rate.burst(), -missing / rate.interval(), seconds(debt), 0);
	}

	/** What a client is told if its request counts against several buckets. */
	static Decision strictest(List<Decision> decisions) {
		return Collections.min(decisions, STRICTEST_FIRST);
	}

	private static long seconds(long micros) {
		return Math.ceilDiv(micros, SECOND);
	}

}
