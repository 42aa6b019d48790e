package dev.sagamart.platform.messaging;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What messaging does beside its work, none of it needed for a start: topics and
 * consumers, as soon as Kafka is there; figures; clean-up.
 */
final class Housekeeping implements SmartLifecycle {

	/** Stopped like Kafka listeners: before the relay, which sends what they wrote. */
	static final int PHASE = Integer.MAX_VALUE - 100;

	private static final Logger logger = LoggerFactory.getLogger(Housekeeping.class);

	private static final long VACUUM_AFTER = 20_000;

	private static final int MOST_COUNTED = 100_000;

	private final KafkaTopics topics;

	private final Consumers consumers;

	private final ConsumerLag lag;

	private final OutboxRelay relay;

	private final Inbox inbox;

	private final DeadLetters deadLetters;

	private final MessagingProperties properties;

	private final DedicatedConnections connections;

	private final JdbcTemplate jdbc;

	private final String schema;

	private volatile Figures figures = new Figures(0, 0, 0, 0);

	private long vacuumedAt;

	private @Nullable ScheduledExecutorService executor;

	Housekeeping(KafkaTopics topics, Consumers consumers, ConsumerLag lag, OutboxRelay relay, Inbox inbox,
			DeadLetters deadLetters, MessagingProperties properties, DedicatedConnections connections,
			JdbcTemplate jdbc, String schema, MeterRegistry meters) {
		this.topics = topics;
		this.consumers = consumers;
		this.lag = lag;
		this.relay = relay;
		this.inbox = inbox;
		this.deadLetters = deadLetters;
		this.properties = properties;
		this.connections = connections;
		this.jdbc = jdbc;
		this.schema = schema;
		Gauge.builder("sagamart.outbox.rows", this, (self) -> self.figures.rows)
			.description("Rows that wait to be sent, counted up to " + MOST_COUNTED)
			.register(meters);
		Gauge.builder("sagamart.outbox.oldest.age", this, (self) -> self.figures.oldestSeconds)
			.description("Age of the oldest row that waits to be sent")
			.baseUnit("seconds")
			.register(meters);
		Gauge.builder("sagamart.outbox.parked", this, (self) -> self.figures.parked)
			.description("Rows that Kafka refuses for good and whose keys wait")
			.register(meters);
		Gauge.builder("sagamart.dead.letters", this, (self) -> self.figures.deadLetters)
			.description("Messages that wait to be replayed or discarded, counted up to " + MOST_COUNTED)
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

	@Override
	public int getPhase() {
		return PHASE;
	}

	// The jobs are guarded: none of them ends with an exception.
	@SuppressWarnings("FutureReturnValueIgnored")
	@Override
	public synchronized void start() {
		if (this.executor != null) {
			return;
		}
		this.consumers.start();
		AtomicInteger count = new AtomicInteger();
		// Three threads: neither Kafka nor the database being away must hold up what
		// concerns the other.
		ScheduledExecutorService threads = Executors.newScheduledThreadPool(3, (work) -> {
			Thread thread = new Thread(work, "messaging-housekeeping-" + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
		threads.scheduleWithFixedDelay(guarded("prepare Kafka", this::prepareKafka), 0, 1, TimeUnit.SECONDS);
		threads.scheduleWithFixedDelay(guarded("measure the lag of consumers", this::measureLag), 10, 15,
				TimeUnit.SECONDS);
		threads.scheduleWithFixedDelay(guarded("measure the outbox", this::measure), 2, 5, TimeUnit.SECONDS);
		threads.scheduleWithFixedDelay(guarded("clean up", this::cleanUp), 5, 5, TimeUnit.SECONDS);
		threads.scheduleWithFixedDelay(guarded("purge the inbox", this::purge), 1, 60, TimeUnit.MINUTES);
		this.executor = threads;
	}

	@Override
	public synchronized void stop() {
		ScheduledExecutorService threads = this.executor;
		if (threads != null) {
			this.executor = null;
			threads.shutdownNow();
			this.consumers.stop();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	/** Once is nothing that anybody has to know of: servers start, and restart. */
	private static Runnable guarded(String what, Job job) {
		AtomicBoolean failed = new AtomicBoolean();
		return () -> {
			try {
				job.run();
				failed.set(false);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (SQLException | RuntimeException ex) {
				logger.atLevel(failed.getAndSet(true) ? Level.WARN : Level.INFO)
					.log("Could not {}, will try again: {}", what, Failures.describe(ex));
			}
		};
	}

	private void prepareKafka() throws InterruptedException {
		boolean before = this.topics.exist();
		this.topics.create();
		if (!before) {
			this.relay.wake();
		}
		this.consumers.keepRunning();
	}

	private void measureLag() throws InterruptedException {
		if (this.topics.exist()) {
			try (Admin admin = this.topics.admin()) {
				this.lag.measure(admin);
			}
		}
	}

	private void measure() {
		// before the query and not while its rows are read: nobody holds one connection
		// and waits for another
		long parkedMessages = this.deadLetters.count(MOST_COUNTED);
		// by id, through the index: the table keeps the room of its greatest backlog
		Figures measured = this.jdbc.queryForObject(
				"""
						select (select count(*) from (select from %1$s.outbox where parked_at is null
								order by id limit %2$d) waiting),
							(select coalesce(extract(epoch from now() - created_at), 0)
								from %1$s.outbox where parked_at is null order by id limit 1),
							(select count(*) from %1$s.outbox where parked_at is not null)""".formatted(this.schema,
						MOST_COUNTED),
				(row, index) -> new Figures(row.getLong(1), Math.max(0, row.getDouble(2)), row.getLong(3),
						parkedMessages));
		if (measured != null) {
			this.figures = measured;
		}
	}

	/**
	 * Removes the dead rows that the relay left behind. Autovacuum looks only once a
	 * minute, and until then every select of the relay walks over all of them.
	 */
	private void cleanUp() throws SQLException {
		long sent = this.relay.sent();
		if (sent - this.vacuumedAt < VACUUM_AFTER) {
			return;
		}
		this.vacuumedAt = sent;
		try (Connection connection = this.connections.open("outbox vacuum");
				Statement statement = connection.createStatement()) {
			statement.execute("vacuum (truncate false, skip_locked) %s.outbox".formatted(this.schema));
		}
	}

	private void purge() {
		boolean more = true;
		while (more && isRunning()) {
			more = this.inbox.purge(this.properties.inboxRetention());
		}
	}

	private record Figures(long rows, double oldestSeconds, long parked, long deadLetters) {
	}

	@FunctionalInterface
	private interface Job {

		void run() throws SQLException, InterruptedException;

	}

}
