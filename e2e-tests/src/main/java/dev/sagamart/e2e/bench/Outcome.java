package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.LoadGenerator.Result;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a phase.
 *
 * @param result the requests and their latencies
 * @param orders the orders of the phase, or null if it places none
 * @param cpu CPU seconds by part, from the first request until the platform was quiet
 * @param usage the memory by part at the end
 * @param counts the increase of the counters from the first request until
 * {@link Counters#REPORT_DELAY} after the platform was quiet
 * @param seconds the time until the platform was quiet
 */
record Outcome(Options.Phase phase, Result result, @Nullable Orders orders, Map<String, Double> cpu, ProcessUsage usage,
		CounterValues counts, double seconds) {

	/** The number of units that counters are divided by. */
	int units() {
		return (this.orders != null && this.phase.isAllOrders()) ? this.orders.confirmed() : this.result.succeeded();
	}

	/** The counters per second of an idle phase, including the wait after it. */
	CounterValues perSecond() {
		return this.counts.times(1 / (this.seconds + Counters.REPORT_DELAY.toMillis() / 1e3));
	}

	/**
	 * The orders of a phase.
	 *
	 * @param accepted orders that were answered with 201
	 * @param confirmed accepted orders that are CONFIRMED
	 * @param open accepted orders that were not settled in time
	 * @param perSecond confirmed orders per second, from the first request to the last
	 * confirmation
	 * @param latencies the times from accepted to CONFIRMED, by the platform's clock
	 * @param seen the times from the response to the confirmation in the event stream, in
	 * the phase latency
	 * @param outboxPeak the greatest number of messages in the outboxes of all services
	 * @param lagPeak the greatest number of messages that waited for consumers
	 */
	record Orders(int accepted, int confirmed, int open, double perSecond, Latencies latencies, Latencies seen,
			double outboxPeak, double lagPeak) {
	}

}
