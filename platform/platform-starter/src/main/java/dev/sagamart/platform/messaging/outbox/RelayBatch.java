package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.messaging.outbox.RelayConnection.OrderingKey;
import dev.sagamart.platform.messaging.outbox.RelayConnection.Row;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;

/**
 * Sends a batch of outbox rows to Kafka and collects the outcome of each. After a
 * failure, no further row with the same key is sent.
 */
final class RelayBatch {

	private static final int LONGEST_SECONDS = 30;

	private final List<Row> rows;

	private final AtomicReferenceArray<Outcome> outcomes;

	private final CountDownLatch open;

	private volatile @Nullable Exception firstFailure;

	private volatile boolean failedInFlight;

	RelayBatch(List<Row> rows) {
		this.rows = rows;
		this.outcomes = new AtomicReferenceArray<>(rows.size());
		this.open = new CountDownLatch(rows.size());
	}

	/**
	 * Sends the rows in order, except those that follow a failed row with the same key.
	 * Stops early when the producer has failed, or when two topics do not answer, which
	 * means that the broker is unavailable.
	 */
	void send(DefaultKafkaProducerFactory<byte[], byte[]> producers) {
		Producer<byte[], byte[]> producer = producers.createProducer();
		Set<OrderingKey> held = new HashSet<>();
		Set<String> silentTopics = new HashSet<>();
		for (int i = 0; i < this.rows.size(); i++) {
			Row row = this.rows.get(i);
			OrderingKey key = row.orderingKey();
			if (this.failedInFlight || silentTopics.size() > 1 || silentTopics.contains(row.topic())
					|| (key != null && held.contains(key))) {
				settle(i, Outcome.NOT_SENT);
				continue;
			}
			send(i, producer, producers);
			Exception failure = outcome(i).failure();
			if (failure != null && key != null) {
				held.add(key);
			}
			if (failure instanceof TimeoutException) {
				silentTopics.add(row.topic());
			}
		}
		Thread.ofVirtual().name("outbox-flush").start(() -> flush(producer));
	}

	// The callback gets the outcome.
	@SuppressWarnings("FutureReturnValueIgnored")
	private void send(int index, Producer<byte[], byte[]> producer,
			DefaultKafkaProducerFactory<byte[], byte[]> producers) {
		Thread sender = Thread.currentThread();
		try {
			producer.send(toRecord(this.rows.get(index)), (metadata, failure) -> {
				if (failure == null) {
					settle(index, Outcome.ACKNOWLEDGED);
					return;
				}
				boolean inFlight = !Thread.currentThread().equals(sender);
				if (inFlight && !this.failedInFlight) {
					// At once, before a later message of this producer can be sent, and
					// before the next batch begins with a new producer.
					producers.reset();
				}
				failed(index, failure, inFlight);
			});
		}
		catch (KafkaException | IllegalStateException ex) {
			failed(index, ex, true);
		}
	}

	private static void flush(Producer<byte[], byte[]> producer) {
		try {
			producer.flush();
		}
		catch (KafkaException | IllegalStateException ex) {
			// The producer was closed: every message in flight has its outcome.
		}
	}

	/** Waits for all outcomes. Returns whether the leader still has its session. */
	boolean await(RelayConnection connection) throws SQLException, InterruptedException {
		for (int seconds = 0; seconds < LONGEST_SECONDS; seconds++) {
			if (this.open.await(1, TimeUnit.SECONDS)) {
				return true;
			}
			if (!connection.isAlive()) {
				return false;
			}
		}
		// Longer than delivery.timeout.ms: the producer is broken and has to be replaced.
		throw new KafkaException("The producer leaves messages without an outcome");
	}

	/** The outcome of all rows. Rows after the first failure of their key stay unsent. */
	Result result() {
		List<Long> sent = new ArrayList<>(this.rows.size());
		List<Refused> refused = new ArrayList<>();
		Set<OrderingKey> held = new HashSet<>();
		for (int i = 0; i < this.rows.size(); i++) {
			Row row = this.rows.get(i);
			OrderingKey key = row.orderingKey();
			if (key != null && held.contains(key)) {
				continue;
			}
			Outcome outcome = outcome(i);
			if (outcome.acknowledged()) {
				sent.add(row.id());
				continue;
			}
			if (key != null) {
				held.add(key);
			}
			if (outcome.failure() != null && isPermanent(outcome.failure())) {
				refused.add(new Refused(row, outcome.failure()));
			}
		}
		return new Result(sent, refused, sent.size() + refused.size() == this.rows.size());
	}

	private Outcome outcome(int index) {
		Outcome outcome = this.outcomes.get(index);
		return (outcome != null) ? outcome : Outcome.NOT_SENT;
	}

	private static boolean isPermanent(Exception cause) {
		return cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException
				|| cause instanceof SerializationException || cause instanceof InvalidTopicException
				|| cause instanceof InvalidRecordException;
	}

	private void failed(int index, Exception failure, boolean inFlight) {
		if (this.firstFailure == null) {
			this.firstFailure = failure;
		}
		if (inFlight) {
			this.failedInFlight = true;
		}
		settle(index, new Outcome(false, failure));
	}

	private void settle(int index, Outcome outcome) {
		if (this.outcomes.compareAndSet(index, null, outcome)) {
			this.open.countDown();
		}
	}

	private static ProducerRecord<byte[], byte[]> toRecord(Row row) {
		String key = row.key();
		ProducerRecord<byte[], byte[]> result = new ProducerRecord<>(row.topic(),
				(key != null) ? key.getBytes(StandardCharsets.UTF_8) : null, row.payload());
		row.headers().forEach((name, value) -> result.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
		return result;
	}

	/** The first failure of all, if there was one. */
	@Nullable Exception firstFailure() {
		return this.firstFailure;
	}

	/** Whether a message failed after the producer had accepted it. */
	boolean failedInFlight() {
		return this.failedInFlight;
	}

	/**
	 * The outcome of a batch.
	 *
	 * @param sent the ids of the rows that Kafka has stored
	 * @param refused rows that Kafka will never accept
	 * @param complete whether all rows are one or the other
	 */
	record Result(List<Long> sent, List<Refused> refused, boolean complete) {
	}

	record Refused(Row row, Exception cause) {
	}

	/** The outcome of a row: acknowledged, failed, or neither if it was not sent. */
	private record Outcome(boolean acknowledged, @Nullable Exception failure) {

		static final Outcome ACKNOWLEDGED = new Outcome(true, null);

		static final Outcome NOT_SENT = new Outcome(false, null);

	}

}
