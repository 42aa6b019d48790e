package dev.sagamart.platform.messaging.inbox;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes the messages that a consumer gives up on, so that their partition can go on. */
@FunctionalInterface
public interface DeadLetterChannel {

	/**
	 * Takes a message for good before it returns; if that fails, it throws, and the
	 * message comes again.
	 * @return whether it was new; {@code false} for another copy of one that was handled
	 * or taken before
	 */
	boolean take(Subscription subscription, ConsumerRecord<byte[], byte[]> source, Throwable cause);

}
