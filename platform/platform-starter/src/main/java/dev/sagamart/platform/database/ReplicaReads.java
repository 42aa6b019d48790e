package dev.sagamart.platform.database;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads for which it does no harm to be a moment old: in a read-only transaction, which
 * goes to the replica where one is configured ({@code sagamart.database.replica.url}). No
 * other transaction goes there, read-only or not, because Spring Data begins a read-only
 * one for each {@code findById}, and a service would not find what it has just written.
 */
public final class ReplicaReads {

	private static final String NAME = "replica read";

	private final TransactionTemplate transaction;

	ReplicaReads(PlatformTransactionManager transactions) {
		this.transaction = new TransactionTemplate(transactions);
		this.transaction.setReadOnly(true);
		this.transaction.setName(NAME);
	}

	/**
	 * Reads from the replica, or from the primary where there is no replica, or none that
	 * answers and is not too far behind. Within another transaction it is a part of that
	 * one, and reads where that one does.
	 */
	public <T extends @Nullable Object> T read(Supplier<T> reading) {
		return this.transaction.execute((_) -> reading.get());
	}

	/** Whether the transaction of this thread is one of these. */
	static boolean isRunning() {
		return NAME.equals(TransactionSynchronizationManager.getCurrentTransactionName());
	}

}
