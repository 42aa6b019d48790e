package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messaging.outbox.Outbox;
import java.util.List;

/**
 * Handles what a {@link Subscription} receives.
 * <p>
 * A call happens inside one transaction, which also holds the inbox rows of the batch:
 * what the handler writes and appends to the {@link Outbox} commits with them or not at
 * all. Messages that were handled before are left out, so the batch holds no event id
 * twice and none that ever committed. Messages of one aggregate come in the order they
 * were sent.
 * <p>
 * If a call throws, the transaction is rolled back. A transient cause (see
 * {@link TransientFailures}) makes the same messages come again, without limit, after a
 * pause that grows from 0.1 to 5 seconds; their partition waits. Otherwise the batch is
 * handled once more message by message, each in a transaction of its own, and a message
 * that still fails becomes a dead letter; younger messages of its aggregate go on without
 * it.
 *
 * @param <T> what a message is to the handler
 */
@FunctionalInterface
public interface MessageHandler<T> {

	/** Handles a batch of at least one. */
	void handle(List<T> batch);

}
