package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings what the container polls to a {@link MessageHandler}, as that promises. Offsets
 * are committed after the database: by the container if everything was handled or parked,
 * else here, up to the first message that was not.
 */
final class SubscriptionConsumer implements BatchMessageListener<byte[], byte[]>, CommonErrorHandler {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionConsumer.class);

	private static final long FIRST_PAUSE_MILLIS = 100;

	/**
	 * Far below the time after which a consumer that does not poll loses its partitions.
	 */
	private static final long LONGEST_PAUSE_MILLIS = 5_000;

	private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

	private final Subscription subscription;

	private final TransactionOperations transactions;

	private final Inbox inbox;

	private final DeadLetters deadLetters;

	private final MessageSpans spans;

	private final ThreadLocal<Integer> failedAttempts = ThreadLocal.withInitial(() -> 0);

	private final Timer durations;

	private final DistributionSummary sizes;

	private final Counter retries;

	private final Counter duplicates;

	private final Counter parked;

	SubscriptionConsumer(Subscription subscription, TransactionOperations transactions, Inbox inbox,
			DeadLetters deadLetters, MeterRegistry meters, MessageSpans spans) {
		this.subscription = subscription;
		this.transactions = transactions;
		this.inbox = inbox;
		this.deadLetters = deadLetters;
		this.spans = spans;
		String group = subscription.group();
		this.durations = Timer.builder("sagamart.consumer.batch.duration")
			.description("Time to handle and commit a batch")
			.tag("group", group)
			.register(meters);
		this.sizes = DistributionSummary.builder("sagamart.consumer.batch.size")
			.description("Messages of a batch")
			.tag("group", group)
			.register(meters);
		this.retries = Counter.builder("sagamart.consumer.retries")
			.description("Batches that will come again because of a transient failure")
			.tag("group", group)
			.register(meters);
		this.duplicates = Counter.builder("sagamart.consumer.duplicates")
			.description("Messages that were received before")
			.tag("group", group)
			.register(meters);
		this.parked = Counter.builder("sagamart.consumer.dead.letters")
			.description("Messages that became dead letters")
			.tag("group", group)
			.register(meters);
	}

	@Override
	public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
		this.sizes.record(records.size());
		this.durations.record(() -> handle(records));
		this.failedAttempts.remove();
	}

	private void handle(List<ConsumerRecord<byte[], byte[]>> records) {
		Map<Integer, Received<Message>> messages = new LinkedHashMap<>();
		for (int i = 0; i < records.size(); i++) {
			try {
				Received<Message> message = MessageHeaders.read(records.get(i), this.subscription);
				if (this.subscription.takes(message)) {
					messages.put(i, message);
				}
			}
			catch (RuntimeException | StackOverflowError ex) {
				park(0, records.get(i), ex);
			}
		}
		try {
			handle(messages.values());
		}
		catch (RuntimeException | Error ex) {
			stopIfTransient(0, ex);
			logger.warn("{} handles a batch of {} message by message, because it failed", this.subscription.group(),
					messages.size(), ex);
			messages.forEach((index, message) -> handleAlone(index, records.get(index), message));
		}
	}

	private void handleAlone(int index, ConsumerRecord<byte[], byte[]> source, Received<Message> message) {
		try {
			handle(List.of(message));
		}
		catch (RuntimeException | Error ex) {
			stopIfTransient(index, ex);
			park(index, source, ex);
		}
	}

	private void handle(Collection<Received<Message>> messages) {
		if (messages.isEmpty()) {
			return;
		}
		Map<UUID, Received<Message>> byId = new LinkedHashMap<>();
		messages.forEach((message) -> byId.putIfAbsent(message.eventId(), message));
		Integer handled = this.transactions.execute((status) -> {
			Set<UUID> fresh = this.inbox.add(this.subscription.group(), byId.keySet());
			List<Received<Message>> batch = new ArrayList<>(fresh.size());
			byId.forEach((id, message) -> {
				if (fresh.contains(id)) {
					batch.add(message);
				}
			});
			if (!batch.isEmpty()) {
				this.spans.around(this.subscription.group(), batch, this.subscription::handle);
			}
			return batch.size();
		});
		this.duplicates.increment(messages.size() - ((handled != null) ? handled : 0));
	}

	private void park(int index, ConsumerRecord<byte[], byte[]> source, Throwable cause) {
		try {
			if (this.deadLetters.park(this.subscription.group(), source, cause)) {
				this.parked.increment();
			}
		}
		catch (RuntimeException ex) {
			// Whatever the reason: not parked means that the message must come again.
			ex.addSuppressed(cause);
			throw new UnfinishedBatchException(index, ex);
		}
	}

	private static void stopIfTransient(int index, Throwable failure) {
		if (Failures.isTransient(failure)) {
			throw new UnfinishedBatchException(index, failure);
		}
	}

	@Override
	public boolean seeksAfterHandling() {
		return true;
	}

	@Override
	public boolean isAckAfterHandle() {
		return false;
	}

	@Override
	public void handleBatch(Exception failure, ConsumerRecords<?, ?> data, Consumer<?, ?> consumer,
			MessageListenerContainer container, Runnable invokeListener) {
		int firstUnhandled = UnfinishedBatchException.indexIn(failure);
		Map<TopicPartition, OffsetAndMetadata> handled = new HashMap<>();
		Map<TopicPartition, Long> again = new HashMap<>();
		int index = 0;
		for (ConsumerRecord<?, ?> item : data) {
			TopicPartition partition = new TopicPartition(item.topic(), item.partition());
			if (index < firstUnhandled) {
				handled.put(partition, new OffsetAndMetadata(item.offset() + 1));
			}
			else {
				again.putIfAbsent(partition, item.offset());
			}
			index++;
		}
		again.forEach(consumer::seek);
		if (!handled.isEmpty()) {
			try {
				consumer.commitSync(handled, COMMIT_TIMEOUT);
			}
			catch (KafkaException ex) {
				logger.info("{} could not commit offsets, the inbox will know: {}", this.subscription.group(),
						ex.toString());
			}
		}
		this.retries.increment();
		pause(failure, container);
	}

	@Override
	public void handleOtherException(Exception failure, Consumer<?, ?> consumer, MessageListenerContainer container,
			boolean batchListener) {
		pause(failure, container);
	}

	private void pause(Exception failure, MessageListenerContainer container) {
		int attempts = this.failedAttempts.get() + 1;
		this.failedAttempts.set(attempts);
		long longest = Math.min(FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10), LONGEST_PAUSE_MILLIS);
		long pause = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
		logger.warn("{} tries again in {} ms, attempt {}: {}", this.subscription.group(), pause, attempts + 1,
				Failures.describe(UnfinishedBatchException.reasonIn(failure)));
		try {
			ListenerUtils.stoppableSleep(container, pause);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Thrown to the container: the batch was handled up to an index and no further. */
	static final class UnfinishedBatchException extends RuntimeException {

		private final int index;

		UnfinishedBatchException(int index, Throwable cause) {
			super("The batch was handled up to index " + index, cause);
			this.index = index;
		}

		static Throwable reasonIn(Throwable failure) {
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				if (cause instanceof UnfinishedBatchException && cause.getCause() != null) {
					return cause.getCause();
				}
			}
			return failure;
		}

		static int indexIn(Throwable failure) {
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				if (cause instanceof UnfinishedBatchException unfinished) {
					return unfinished.index;
				}
			}
			return 0;
		}

	}

}
