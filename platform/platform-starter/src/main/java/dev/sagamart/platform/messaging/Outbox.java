package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;
import java.util.List;

/**
 * Tells other services about a change exactly if the change commits: messages are written
 * to the {@code outbox} table in the caller's transaction, and the relay sends them to
 * Kafka afterwards, at least once, in the order of their ids.
 * <p>
 * The caller must have locked the aggregate's row (or changed it under a version check)
 * earlier in the same transaction, so that messages of one aggregate get their ids in
 * commit order. Without a transaction every method throws
 * {@link org.springframework.transaction.IllegalTransactionStateException}, and
 * {@link IllegalArgumentException} for a message that no {@link Publication} has.
 */
public interface Outbox {

	/**
	 * Appends a message that continues the {@linkplain MessageContext#current() current}
	 * context.
	 */
	default void append(Message message) {
		append(message, MessageContext.current());
	}

	/** Appends a message that continues the given context. */
	default void append(Message message, MessageContext context) {
		appendAll(List.of(new Outgoing(message, context)));
	}

	/**
	 * Appends messages in list order with a single statement. An empty list does nothing.
	 */
	void appendAll(List<Outgoing> messages);

}
