package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messaging.outbox.Outbox;
import java.util.List;

/**
 * Handles the messages of a {@link Subscription}.
 * <p>
 * A call happens inside one transaction, which also holds the inbox rows of the batch:
 * what the handler writes and appends to the {@link Outbox} commits with them or not at
 * all. The batch contains no message that was handled before and no message twice.
 * Messages of one aggregate come in the order in which they were sent.
 * <p>
 * If a call throws, the transaction is rolled back. A transient cause (see
 * {@link TransientFailures}) makes the consumer receive the same messages again, without
 * limit, after a pause that grows from 0.1 to 5 seconds; their partition waits. Otherwise
 * the messages are handled one by one, each in its own transaction. A message that fails
 * again becomes a dead letter; later messages of its aggregate are handled without it.
 *
 * @param <T> what a message is mapped to
 */
@FunctionalInterface
public interface MessageHandler<T> {

	/** Handles a batch of at least one. */
	void handle(List<T> batch);

}
