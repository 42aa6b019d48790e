package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.RelayConnection.OrderingKey;
import dev.sagamart.platform.messaging.RelayConnection.Row;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
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

	// The callbacks tell the outcomes.
	@SuppressWarnings("FutureReturnValueIgnored")
	void send(DefaultKafkaProducerFactory<byte[], byte[]> producers) {
		Producer<byte[], byte[]> producer = producers.createProducer();
		Thread sender = Thread.currentThread();
		Set<OrderingKey> held = new HashSet<>();
		Set<String> silentTopics = new HashSet<>();
		for (int i = 0; i < this.rows.size(); i++) {
			int index = i;
			Row row = this.rows.get(i);
			OrderingKey key = row.orderingKey();
			// Two topics without an answer: it is the broker.
			if (this.failedOnTheWay || silentTopics.size() > 1 || silentTopics.contains(row.topic())
					|| (key != null && held.contains(key))) {
				settle(index, Outcome.NOT_SENT);
				continue;
			}
			try {
				producer.send(toRecord(row), (metadata, failure) -> {
					if (failure == null) {
						settle(index, Outcome.ACKNOWLEDGED);
						return;
					}
					boolean onTheWay = !Thread.currentThread().equals(sender);
					if (onTheWay && !this.failedOnTheWay) {
						// Before anything else of this producer can overtake it, and
						// before the batch can end and the next producer begin.
						producers.reset();
					}
					failed(index, failure, onTheWay);
				});
			}
			catch (KafkaException | IllegalStateException ex) {
				failed(index, ex, true);
			}
			Outcome outcome = this.outcomes.get(index);
			if (outcome != null && outcome.failure() != null) {
				if (key != null) {
					held.add(key);
				}
				if (outcome.failure() instanceof TimeoutException) {
					silentTopics.add(row.topic());
				}
			}
		}
		Thread.ofVirtual().name("outbox-flush").start(() -> flush(producer));
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

	Outcome outcome(int index) {
		Outcome outcome = this.outcomes.get(index);
		return (outcome != null) ? outcome : Outcome.NOT_SENT;
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

	/** What became of a row: neither means that it was not sent. */
	record Outcome(boolean acknowledged, @Nullable Exception failure) {

		static final Outcome ACKNOWLEDGED = new Outcome(true, null);

		static final Outcome NOT_SENT = new Outcome(false, null);

	}

}
