package dev.sagamart.e2e.bench;

import java.time.Duration;

/**
 * Watches, once a second, how many messages wait: for the relay and for their consumers.
 */
final class Backlog implements AutoCloseable {

	static final String OUTBOX = "sagamart_outbox_rows";

	static final String LAG = "sagamart_consumer_lag";

	private final Meters meters;

	private final Thread thread = Thread.ofVirtual().unstarted(this::watch);

	private volatile double outboxPeak = Double.NaN;

	private volatile double lagPeak = Double.NaN;

	Backlog(Meters meters) {
		this.meters = meters;
	}

	void start() {
		this.thread.start();
	}

	double outboxPeak() {
		return this.outboxPeak;
	}

	double lagPeak() {
		return this.lagPeak;
	}

	private void watch() {
		try {
			while (true) {
				this.outboxPeak = higher(this.outboxPeak, this.meters.sum(OUTBOX));
				this.lagPeak = higher(this.lagPeak, this.meters.sum(LAG));
				Thread.sleep(Duration.ofSeconds(1));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static double higher(double peak, double value) {
		return (Double.isNaN(peak) || value > peak) ? value : peak;
	}

	@Override
	public void close() {
		this.thread.interrupt();
	}

}
