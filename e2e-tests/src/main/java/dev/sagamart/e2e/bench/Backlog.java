package dev.sagamart.e2e.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Measures once a second how many messages wait in the outboxes and for consumers.
 */
final class Backlog implements AutoCloseable {

	static final String OUTBOX = "sagamart_outbox_rows";

	static final String LAG = "sagamart_consumer_lag";

	private final ServiceMetrics metrics;

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

	private volatile double outboxPeak = Double.NaN;

	private volatile double lagPeak = Double.NaN;

	Backlog(ServiceMetrics metrics) {
		this.metrics = metrics;
	}

	void start() {
		Future<?> _ = this.executor.scheduleWithFixedDelay(this::measure, 0, 1, TimeUnit.SECONDS);
	}

	double outboxPeak() {
		return this.outboxPeak;
	}

	double lagPeak() {
		return this.lagPeak;
	}

	private void measure() {
		this.outboxPeak = max(this.outboxPeak, this.metrics.sum(OUTBOX));
		this.lagPeak = max(this.lagPeak, this.metrics.sum(LAG));
	}

	private static double max(double peak, double value) {
		return (Double.isNaN(peak) || value > peak) ? value : peak;
	}

	@Override
	public void close() {
		this.executor.close();
	}

}
