package dev.sagamart.e2e.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Watches, once a second, how many messages wait: for the relay and for their consumers.
 */
final class Backlog implements AutoCloseable {

	static final String OUTBOX = "sagamart_outbox_rows";

	static final String LAG = "sagamart_consumer_lag";

	private final Meters meters;

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

	private volatile double outboxPeak = Double.NaN;

	private volatile double lagPeak = Double.NaN;

	Backlog(Meters meters) {
		this.meters = meters;
	}

	void start() {
		Future<?> _ = this.executor.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
	}

	double outboxPeak() {
		return this.outboxPeak;
	}

	double lagPeak() {
		return this.lagPeak;
	}

	private void look() {
		this.outboxPeak = higher(this.outboxPeak, this.meters.sum(OUTBOX));
		this.lagPeak = higher(this.lagPeak, this.meters.sum(LAG));
	}

	private static double higher(double peak, double value) {
		return (Double.isNaN(peak) || value > peak) ? value : peak;
	}

	@Override
	public void close() {
		this.executor.close();
	}

}
