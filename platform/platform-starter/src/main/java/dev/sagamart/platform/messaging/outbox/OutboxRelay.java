package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messaging.KafkaTopics;
import dev.sagamart.platform.messaging.MessagingProperties;
import dev.sagamart.platform.messaging.outbox.RelayConnection.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Sends the outbox to Kafka, at least once, in id order per topic and key.
 * <p>
 * Of all processes of a service, only the one that holds an advisory lock sends, because
 * several at once would reorder messages. It selects the oldest rows (a scan for ids
 * above the last one would lose transactions that commit late), sends them, waits for all
 * acknowledgements, and deletes the rows that Kafka has stored; of each key only those
 * before its first failure.
 * <p>
 * After a failure of a message in flight the producer is discarded with everything that
 * it still holds. Otherwise it might send a later message of the same key successfully,
 * and the earlier one only with the next batch. If the leader loses its session while
 * sending, its successor selects the same rows again and sends them in the same order
 * before any later row, so the first copy of each message is still in order.
 */
final class OutboxRelay implements SmartLifecycle {

	static final int PHASE = 0;

	private static final Logger logger = LoggerFactory.getLogger(OutboxRelay.class);

	private static final int BATCH = 500;

	private static final Duration POLL = Duration.ofMillis(20);

	private static final long STANDBY_MILLIS = 500;

	private static final long FAILURE_MILLIS = 250;

	private static final long STOP_MILLIS = 12_000;

	private final DedicatedConnections connections;

	/** Has one producer at a time; {@code reset} discards it and what it still holds. */
	private final DefaultKafkaProducerFactory<byte[], byte[]> producers;

	private final KafkaTopics topics;

	private final Duration poll;

	private final Semaphore wakeUps = new Semaphore(0);

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private volatile boolean leader;

	private volatile @Nullable Thread thread;

	/**
	 * Makes a relay.
	 * @param kafka has the connection settings
	 * @param topics nothing is sent until they exist; otherwise the broker would create
	 * them with its defaults
	 */
	@Autowired
	OutboxRelay(DedicatedConnections connections, ProducerFactory<?, ?> kafka, KafkaTopics topics) {
		this(connections, kafka, topics, POLL);
	}

	OutboxRelay(DedicatedConnections connections, ProducerFactory<?, ?> kafka, KafkaTopics topics, Duration poll) {
		this.poll = poll;
		this.connections = connections;
		this.producers = overridden(kafka);
		this.topics = topics;
	}

	/**
	 * Overrides the settings that keep messages complete and in order. Idempotence alone
	 * does not keep the order: a broker takes any sequence number of a producer that is
	 * new to it, and so may store a second request although it refused the first
	 * (KAFKA-15591).
	 */
	private static DefaultKafkaProducerFactory<byte[], byte[]> overridden(ProducerFactory<?, ?> kafka) {
		@SuppressWarnings("unchecked") // the serializers are ours
		DefaultKafkaProducerFactory<byte[], byte[]> producers = (DefaultKafkaProducerFactory<byte[], byte[]>) kafka
			.copyWithConfigurationOverride(Map.of(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class,
					ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class, ProducerConfig.ACKS_CONFIG,
					"all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
					ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1, ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
					MessagingProperties.MAX_DEAD_LETTER_BYTES));
		producers.setPhysicalCloseTimeout(0);
		return producers;
	}

	/** Wakes the relay, because there is something to send. Never blocks. */
	void wake() {
		if (this.wakeUps.availablePermits() == 0) {
			this.wakeUps.release();
		}
	}

	boolean isLeader() {
		return this.leader;
	}

	/** How many rows were sent and deleted since the start. */
	long sent() {
		return this.sent.get();
	}

	/** How many sends failed since the start, including those that were repeated. */
	long failures() {
		return this.failures.get();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			Thread relay = new Thread(this::run, "outbox-relay");
			relay.setDaemon(true);
			this.thread = relay;
			relay.start();
		}
	}

	/**
	 * Ends after the current batch. Unsent rows stay in the outbox for the next leader.
	 */
	@Override
	public synchronized void stop() {
		Thread relay = this.thread;
		if (relay == null) {
			return;
		}
		this.thread = null;
		wake();
		try {
			relay.join(STOP_MILLIS);
			if (relay.isAlive()) {
				relay.interrupt();
				relay.join(STOP_MILLIS / 4);
			}
		}
		catch (InterruptedException ex) {
			relay.interrupt();
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	private boolean shouldRun() {
		return Thread.currentThread().equals(this.thread);
	}

	private void run() {
		while (shouldRun()) {
			try (RelayConnection connection = new RelayConnection(this.connections.open("outbox relay"))) {
				standBy(connection);
				lead(connection);
			}
			catch (SQLException | RuntimeException ex) {
				if (shouldRun()) {
					logger.warn("The outbox relay replaces its database session: {}", ex.toString());
					pause(FAILURE_MILLIS * 2);
				}
			}
			catch (InterruptedException ex) {
				break;
			}
			finally {
				this.leader = false;
				this.producers.reset();
			}
		}
	}

	private void standBy(RelayConnection connection) throws SQLException, InterruptedException {
		while (shouldRun() && !connection.tryLead()) {
			this.wakeUps.drainPermits();
			this.wakeUps.tryAcquire(STANDBY_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void lead(RelayConnection connection) throws SQLException, InterruptedException {
		this.leader = true;
		logger.info("This process sends the outbox");
		while (shouldRun()) {
			this.wakeUps.drainPermits();
			List<Row> rows = connection.oldest(BATCH);
			if (!rows.isEmpty() && !this.topics.exist()) {
				this.wakeUps.tryAcquire(FAILURE_MILLIS, TimeUnit.MILLISECONDS);
				continue;
			}
			boolean complete = rows.isEmpty() || relay(rows, connection);
			if (!complete) {
				Thread.sleep(FAILURE_MILLIS);
			}
			else if (rows.size() < BATCH) {
				this.wakeUps.tryAcquire(this.poll.toNanos(), TimeUnit.NANOSECONDS);
			}
		}
	}

	/** Sends rows. Returns whether each of them was sent or parked. */
	private boolean relay(List<Row> rows, RelayConnection connection) throws SQLException, InterruptedException {
		RelayBatch batch = new RelayBatch(rows);
		batch.send(this.producers);
		if (!batch.await(connection)) {
			throw new SQLException("The session of the leader does not answer");
		}
		RelayBatch.Result result = batch.result();
		for (RelayBatch.Refused refused : result.refused()) {
			connection.park(refused.row().id(), TransientFailures.describe(refused.cause()));
			logger.error("Outbox row {} (topic {}, key {}) cannot be sent and is parked; its key waits",
					refused.row().id(), refused.row().topic(), refused.row().key(), refused.cause());
		}
		connection.delete(result.sent());
		this.sent.addAndGet(result.sent().size());
		Exception failure = batch.firstFailure();
		if (failure != null) {
			this.failures.incrementAndGet();
			logger.warn("Sending to Kafka failed, {} of {} messages stay in the outbox: {}",
					rows.size() - result.sent().size(), rows.size(), failure.toString());
			recover(batch, failure);
		}
		return result.complete();
	}

	private void recover(RelayBatch batch, Exception failure) {
		if (batch.failedInFlight()) {
			this.producers.reset();
		}
		else if (failure instanceof TimeoutException) {
			this.topics.doubt();
		}
	}

	private static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
