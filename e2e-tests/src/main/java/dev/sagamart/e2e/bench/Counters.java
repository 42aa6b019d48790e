package dev.sagamart.e2e.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What PostgreSQL, the broker and the JVMs have counted since they started. Unlike times,
 * it does not depend on the machine and the hour.
 * <p>
 * It contains all that the platform does, for whomever: its own jobs, the event streams
 * of those who follow their orders, the few requests that ask whether orders are pending,
 * and each second two small ones about what waits. Reading it costs the JVMs some
 * kilobytes, and the services' database nothing.
 */
final class Counters implements AutoCloseable {

	/**
	 * A session of PostgreSQL that has nothing to do tells its last second of commits and
	 * rows 10 seconds later (PGSTAT_IDLE_INTERVAL in its sources). What follows the end
	 * of an order is over by then, too.
	 */
	static final Duration REST = Duration.ofSeconds(11);

	private final Database database;

	private final JvmCounters jvms;

	Counters(Database database, Path pidFiles) {
		this.database = database;
		this.jvms = JvmCounters.attach(pidFiles);
	}

	/** Complete only after a rest. */
	Counts now() {
		Map<String, Double> values = new LinkedHashMap<>();
		this.database.read(values);
		this.jvms.read(values);
		return new Counts(values);
	}

	/** Waits until all that a quiet platform has done was told. */
	static void rest() throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(REST.toMillis());
	}

	@Override
	public void close() {
		this.jvms.close();
	}

}
