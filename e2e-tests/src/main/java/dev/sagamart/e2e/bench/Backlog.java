package dev.sagamart.e2e.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

	private final Map<String, Double> peaks = new ConcurrentHashMap<>();

	Backlog(ServiceMetrics metrics) {
		this.metrics = metrics;
	}

	void start() {
		Future<?> _ = this.executor.scheduleWithFixedDelay(this::measure, 0, 1, TimeUnit.SECONDS);
	}

	/** The greatest value of a metric so far; NaN if there is none. */
	double peak(String metric) {
		return this.peaks.getOrDefault(metric, Double.NaN);
	}

	private void measure() {
		for (String metric : List.of(OUTBOX, LAG)) {
			double value = this.metrics.sum(metric);
			if (!Double.isNaN(value)) {
				this.peaks.merge(metric, value, Math::max);
			}
		}
	}

	@Override
	public void close() {
		this.executor.close();
	}

}
