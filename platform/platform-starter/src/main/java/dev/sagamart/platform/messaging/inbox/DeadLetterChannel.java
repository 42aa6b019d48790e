package dev.sagamart.platform.messaging.inbox;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Stores messages that a consumer cannot handle, so that their partition can go on. */
@FunctionalInterface
public interface DeadLetterChannel {

	/**
	 * Stores a message before it returns. If that fails, it throws, and the consumer
	 * receives the message again.
	 * @return {@code false} if the message was handled or stored before
	 */
	boolean take(Subscription subscription, ConsumerRecord<byte[], byte[]> source, Throwable cause);

}
