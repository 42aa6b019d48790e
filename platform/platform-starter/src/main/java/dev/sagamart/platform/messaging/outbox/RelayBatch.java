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
 * Rows of the outbox on their way to Kafka, and what became of each. Of rows with the
 * same key, none is sent after one that failed.
 */
final class RelayBatch {

	private static final int LONGEST_SECONDS = 30;

	private final List<Row> rows;

	private final AtomicReferenceArray<Outcome> outcomes;

	private final CountDownLatch open;

	private volatile @Nullable Exception firstFailure;

	private volatile boolean failedOnTheWay;

	RelayBatch(List<Row> rows) {
		this.rows = rows;
		this.outcomes = new AtomicReferenceArray<>(rows.size());
		this.open = new CountDownLatch(rows.size());
	}

	/**
	 * Sends the rows in their order, none after one with the same key that failed. Ends
	 * early when the producer has failed, or when two topics did not answer: then it is
	 * the broker.
	 */
	void send(DefaultKafkaProducerFactory<byte[], byte[]> producers) {
		Producer<byte[], byte[]> producer = producers.createProducer();
		Set<OrderingKey> held = new HashSet<>();
		Set<String> silentTopics = new HashSet<>();
		for (int i = 0; i < this.rows.size(); i++) {
			Row row = this.rows.get(i);
			OrderingKey key = row.orderingKey();
			if (this.failedOnTheWay || silentTopics.size() > 1 || silentTopics.contains(row.topic())
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

	// The callback tells the outcome.
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
				boolean onTheWay = !Thread.currentThread().equals(sender);
				if (onTheWay && !this.failedOnTheWay) {
					// Before anything else of this producer can overtake it, and before
					// the batch can end and the next producer begin.
					producers.reset();
				}
				failed(index, failure, onTheWay);
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
			// Closed meanwhile: every message on its way has its outcome.
		}
	}

	/** Waits for all outcomes. Answers whether the leader still has its session. */
	boolean await(RelayConnection connection) throws SQLException, InterruptedException {
		for (int seconds = 0; seconds < LONGEST_SECONDS; seconds++) {
			if (this.open.await(1, TimeUnit.SECONDS)) {
				return true;
			}
			if (!connection.isAlive()) {
				return false;
			}
		}
		// Longer than any message may take: the client is broken, a new one will do.
		throw new KafkaException("The producer leaves messages without an outcome");
	}

	/** What became of all rows; of each key, what comes after its first failure waits. */
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
			if (outcome.failure() != null && isForGood(outcome.failure())) {
				refused.add(new Refused(row, outcome.failure()));
			}
		}
		return new Result(sent, refused, sent.size() + refused.size() == this.rows.size());
	}

	private Outcome outcome(int index) {
		Outcome outcome = this.outcomes.get(index);
		return (outcome != null) ? outcome : Outcome.NOT_SENT;
	}

	private static boolean isForGood(Exception cause) {
		return cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException
				|| cause instanceof SerializationException || cause instanceof InvalidTopicException
				|| cause instanceof InvalidRecordException;
	}

	private void failed(int index, Exception failure, boolean onTheWay) {
		if (this.firstFailure == null) {
			this.firstFailure = failure;
		}
		if (onTheWay) {
			this.failedOnTheWay = true;
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

	/** Whether the producer had a message already that it then failed to send. */
	boolean failedOnTheWay() {
		return this.failedOnTheWay;
	}

	/**
	 * What became of a batch.
	 *
	 * @param sent the ids of rows that Kafka has
	 * @param refused rows that Kafka will never take
	 * @param complete whether there are no others
	 */
	record Result(List<Long> sent, List<Refused> refused, boolean complete) {
	}

	record Refused(Row row, Exception cause) {
	}

	/** What became of a row: neither means that it was not sent. */
	private record Outcome(boolean acknowledged, @Nullable Exception failure) {

		static final Outcome ACKNOWLEDGED = new Outcome(true, null);

		static final Outcome NOT_SENT = new Outcome(false, null);

	}

}
