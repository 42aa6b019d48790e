package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messages.Message;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Passes polled records to a {@link MessageHandler}, with the guarantees that are
 * documented there. Afterwards the container commits offsets: of all messages if each was
 * handled or parked, otherwise up to the first that was not. A batch that was rolled back
 * is never reported as partly handled.
 */
final class SubscriptionConsumer implements BatchMessageListener<byte[], byte[]> {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionConsumer.class);

	private final Subscription subscription;

	private final TransactionOperations transactions;

	private final Inbox inbox;

	private final DeadLetterChannel deadLetters;

	private final MessageSpans spans;

	private final Timer durations;

	private final DistributionSummary sizes;

	private final Counter retries;

	private final Counter duplicates;

	private final Counter parked;

	SubscriptionConsumer(Subscription subscription, TransactionOperations transactions, Inbox inbox,
			DeadLetterChannel deadLetters, MeterRegistry meters, MessageSpans spans) {
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
			.description("Batches that are received again because of a transient failure")
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
	}

	private void handle(List<ConsumerRecord<byte[], byte[]>> records) {
		Map<Integer, Received<Message>> messages = new LinkedHashMap<>();
		for (int i = 0; i < records.size(); i++) {
			try {
				Received<Message> message = this.subscription.read(records.get(i));
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
			if (this.deadLetters.take(this.subscription, source, cause)) {
				this.parked.increment();
			}
		}
		catch (RuntimeException ex) {
			// A message that was not parked must be received again, whatever the cause.
			ex.addSuppressed(cause);
			throw again(index, ex);
		}
	}

	private void stopIfTransient(int index, Throwable failure) {
		if (TransientFailures.isTransient(failure)) {
			throw again(index, failure);
		}
	}

	/** Makes the container deliver the messages from an index on again. */
	private BatchListenerFailedException again(int index, Throwable failure) {
		this.retries.increment();
		logger.warn("{} tries again soon: {}", this.subscription.group(), TransientFailures.describe(failure));
		return new BatchListenerFailedException("Not handled yet", failure, index);
	}

}
