package dev.sagamart.platform.messaging.outbox;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/** Metrics of the outbox, and the vacuum that the relay needs. */
final class OutboxMaintenance {

	private static final long VACUUM_AFTER = 20_000;

	private static final int MOST_COUNTED = 100_000;

	private final OutboxRelay relay;

	private final DedicatedConnections connections;

	private final JdbcTemplate jdbc;

	private volatile Waiting waiting = new Waiting(0, 0, 0);

	private long vacuumedAt;

	OutboxMaintenance(OutboxRelay relay, DedicatedConnections connections, JdbcTemplate jdbc, MeterRegistry meters) {
		this.relay = relay;
		this.connections = connections;
		this.jdbc = jdbc;
		Gauge.builder("sagamart.outbox.rows", this, (self) -> self.waiting.rows)
			.description("Rows that wait to be sent, counted up to " + MOST_COUNTED)
			.register(meters);
		Gauge.builder("sagamart.outbox.oldest.age", this, (self) -> self.waiting.oldestSeconds)
			.description("Age of the oldest row that waits to be sent")
			.baseUnit("seconds")
			.register(meters);
		Gauge.builder("sagamart.outbox.parked", this, (self) -> self.waiting.parked)
			.description("Rows that Kafka will never accept; later rows of their keys wait")
			.register(meters);
		Gauge.builder("sagamart.outbox.leader", relay, (self) -> self.isLeader() ? 1 : 0)
			.description("1 in the process that sends")
			.register(meters);
		FunctionCounter.builder("sagamart.outbox.sent", relay, (self) -> (double) self.sent())
			.description("Rows that were sent and deleted")
			.register(meters);
		FunctionCounter.builder("sagamart.outbox.failures", relay, (self) -> (double) self.failures())
			.description("Batches of the outbox that were not sent completely")
			.register(meters);
	}

	@Scheduled(initialDelay = 2, fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void measure() {
		// by id, through the index: the table keeps the room of its greatest backlog
		Waiting measured = this.jdbc.queryForObject("""
				select (select count(*) from (select from outbox where parked_at is null
						order by id limit %d) waiting),
					(select coalesce(extract(epoch from now() - created_at), 0)
						from outbox where parked_at is null order by id limit 1),
					(select count(*) from outbox where parked_at is not null)""".formatted(MOST_COUNTED),
				(row, index) -> new Waiting(row.getLong(1), Math.max(0, row.getDouble(2)), row.getLong(3)));
		if (measured != null) {
			this.waiting = measured;
		}
	}

	/**
	 * Removes the dead rows that the relay leaves behind. Autovacuum runs once a minute
	 * at most, and until then every select of the relay reads all of them.
	 */
	@Scheduled(initialDelay = 5, fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void vacuum() throws SQLException {
		long sent = this.relay.sent();
		if (sent - this.vacuumedAt < VACUUM_AFTER) {
			return;
		}
		this.vacuumedAt = sent;
		try (Connection connection = this.connections.open("outbox vacuum");
				Statement statement = connection.createStatement()) {
			statement.execute("vacuum (truncate false, skip_locked) outbox");
		}
	}

	private record Waiting(long rows, double oldestSeconds, long parked) {
	}

}
