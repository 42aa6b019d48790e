package dev.sagamart.e2e.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The counters of PostgreSQL, the broker and the JVMs since their start. Unlike times,
 * they do not depend on the speed and load of the machine.
 * <p>
 * They include everything that the platform does: scheduled jobs, event streams, the
 * requests that check for pending orders, and the two metrics requests of {@link Backlog}
 * per second. Reading them allocates some kilobytes in the JVMs and is not counted for
 * the services' database.
 */
record Counters(Database database, JvmCounters jvms) implements AutoCloseable {

	/**
	 * An idle session of PostgreSQL reports its last commits and rows up to 10 seconds
	 * later (PGSTAT_IDLE_INTERVAL in the sources of PostgreSQL). Work that follows the
	 * end of an order is finished by then, too.
	 */
	static final Duration REPORT_DELAY = Duration.ofSeconds(11);

	/** Reads all counters. They are complete only after {@link #awaitReports}. */
	CounterValues read() {
		Map<String, Double> values = new LinkedHashMap<>();
		this.database.read(values);
		this.jvms.read(values);
		return new CounterValues(values);
	}

	/** Waits until the counters include all finished work. */
	static void awaitReports() throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(REPORT_DELAY.toMillis());
	}

	@Override
	public void close() {
		this.jvms.close();
	}

}
