package dev.sagamart.simulator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The file of the books. One thread writes: all changes that wait are one transaction, so
 * that many calls share the one wait for the disk. A change is answered after its commit.
 */
final class Store implements AutoCloseable {

	private static final int MOST_IN_A_TRANSACTION = 256;

	private final Database forWriting;

	private final Database forReading;

	private final Tables writing;

	private final Tables reading;

	private final BlockingQueue<Work<?>> waiting = new LinkedBlockingQueue<>();

	private final ReentrantLock readers = new ReentrantLock();

	private final Thread writer = Thread.ofPlatform().name("books").daemon().unstarted(this::write);

	private volatile boolean closed;

	private Store(Database forWriting, Database forReading) {
		this.forWriting = forWriting;
		this.forReading = forReading;
		this.writing = new Tables(forWriting);
		this.reading = new Tables(forReading);
	}

	/** A change that waits for its commit. */
	private static final class Work<T extends @Nullable Object> {

		private final Function<Tables, T> change;

		private final CompletableFuture<T> answer = new CompletableFuture<>();

		private @Nullable Runnable whenCommitted;

		Work(Function<Tables, T> change) {
			this.change = change;
		}

		void carryOut(Tables tables) {
			T result = this.change.apply(tables);
			this.whenCommitted = () -> this.answer.complete(result);
		}

		void committed() {
			if (this.whenCommitted != null) {
				this.whenCommitted.run();
			}
		}

	}

	/** Opens the file in a directory; a new one gets its tables in one transaction. */
	static Store open(Path directory) {
		Path file = directory.resolve("books.db");
		Store store = new Store(Database.open(file), Database.open(file));
		try {
			store.transaction(List.of(new Work<>(Tables::createIfMissing)));
			store.writer.start();
			return store;
		}
		catch (RuntimeException ex) {
			store.close();
			throw ex;
		}
	}

	/** Carries out a change and returns when it is on the disk. */
	<T extends @Nullable Object> T change(Function<Tables, T> change) throws InterruptedException {
		Work<T> work = new Work<>(change);
		this.waiting.add(work);
		if (this.closed) {
			throw new IllegalStateException("The books are closed");
		}
		try {
			return work.answer.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Not carried out", ex.getCause());
		}
	}

	/** Reads what is committed. */
	<T extends @Nullable Object> T read(Function<Tables, T> query) {
		this.readers.lock();
		try {
			return query.apply(this.reading);
		}
		finally {
			this.readers.unlock();
		}
	}

	private void write() {
		try {
			while (!this.closed) {
				List<Work<?>> batch = new ArrayList<>();
				batch.add(this.waiting.take());
				this.waiting.drainTo(batch, MOST_IN_A_TRANSACTION - 1);
				carryOut(batch);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** One that fails must not take the others with it. */
	private void carryOut(List<Work<?>> batch) {
		try {
			transaction(batch);
		}
		catch (RuntimeException ex) {
			if (batch.size() == 1) {
				batch.getFirst().answer.completeExceptionally(ex);
			}
			else {
				batch.forEach((work) -> carryOut(List.of(work)));
			}
		}
	}

	private void transaction(List<? extends Work<?>> batch) {
		this.forWriting.execute("BEGIN IMMEDIATE");
		try {
			batch.forEach((work) -> work.carryOut(this.writing));
			this.forWriting.execute("COMMIT");
		}
		catch (RuntimeException ex) {
			rollBack(ex);
			throw ex;
		}
		batch.forEach(Work::committed);
	}

	private void rollBack(RuntimeException cause) {
		try {
			this.forWriting.execute("ROLLBACK");
		}
		catch (IllegalStateException ex) {
			// SQLite has rolled back by itself, as it does when the disk is full.
			cause.addSuppressed(ex);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.writer.interrupt();
		try {
			this.writer.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.waiting.forEach((work) -> work.answer.completeExceptionally(new IllegalStateException("Closed")));
		this.readers.lock();
		try {
			this.forReading.close();
			this.forWriting.close();
		}
		finally {
			this.readers.unlock();
		}
	}

}
