package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.LoadGenerator.Result;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a phase did and what it cost.
 *
 * @param result requests and their latencies
 * @param orders what became of the orders that the phase placed, if it placed any
 * @param cpu processor seconds by part, from the first request until the platform was
 * quiet
 * @param usage memory by part at the end
 * @param counted what the platform has counted
 */
record Outcome(Options.Phase phase, Result result, @Nullable Orders orders, Map<String, Double> cpu, Usage usage,
		Counted counted) {

	/** How many there were of what the phase is counted per. */
	int units() {
		return (this.orders != null && this.phase.isAllOrders()) ? this.orders.confirmed() : this.result.succeeded();
	}

	/**
	 * The counts of a phase.
	 *
	 * @param counts from the first request until {@link Counters#REST} after the platform
	 * was quiet
	 * @param seconds until it was quiet
	 */
	record Counted(Counts counts, double seconds) {

		/** Of a phase in which nothing happens, as in the rest. */
		Counts perSecond() {
			return this.counts.times(1 / (this.seconds + Counters.REST.toMillis() / 1e3));
		}

	}

	/**
	 * The orders of a phase.
	 *
	 * @param accepted answered with 201
	 * @param confirmed of those, CONFIRMED
	 * @param open not at an end when we stopped waiting
	 * @param perSecond confirmed orders over the time from the first request to the last
	 * confirmation
	 * @param latencies from accepted to CONFIRMED, by the platform's clock
	 * @param seen from the answer to the confirmation on the event stream, if it was
	 * watched
	 * @param outboxPeak the most messages that waited for the relay, summed over the
	 * services
	 * @param lagPeak the most messages that waited for a consumer
	 */
	record Orders(int accepted, int confirmed, int open, double perSecond, Latencies latencies, Latencies seen,
			double outboxPeak, double lagPeak) {
	}

}
