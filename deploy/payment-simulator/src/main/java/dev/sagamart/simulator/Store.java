package dev.sagamart.simulator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The database file of the books. One thread writes. It executes all waiting changes in
 * one transaction, so that many calls share one disk flush. A change returns after its
 * commit.
 */
final class Store implements AutoCloseable {

	private static final int MAX_BATCH = 256;

	private final Database forWriting;

	private final Database forReading;

	private final Tables writing;

	private final Tables reading;

	private final BlockingQueue<PendingChange<?>> waiting = new LinkedBlockingQueue<>();

	private final Thread writer = Thread.ofPlatform().name("books").daemon().unstarted(this::write);

	private volatile boolean closed;

	private Store(Database forWriting, Database forReading) {
		this.forWriting = forWriting;
		this.forReading = forReading;
		this.writing = new Tables(forWriting);
		this.reading = new Tables(forReading);
	}

	private record PendingChange<T extends @Nullable Object>(Function<Tables, T> change, CompletableFuture<T> future) {

		/** Returns what is to be done after the commit. */
		Runnable execute(Tables tables) {
			T result = this.change.apply(tables);
			return () -> this.future.complete(result);
		}

	}

	/** Opens the file in a directory and creates the tables if they are missing. */
	static Store open(Path directory) {
		Path file = directory.resolve("books.db");
		Store store = new Store(Database.open(file), Database.open(file));
		try {
			store.transaction(List.of(new PendingChange<>(Tables::createIfMissing, new CompletableFuture<>())));
			store.writer.start();
			return store;
		}
		catch (RuntimeException ex) {
			store.close();
			throw ex;
		}
	}

	/** Executes a change and returns when it is on the disk. */
	<T extends @Nullable Object> T change(Function<Tables, T> change) throws InterruptedException {
		PendingChange<T> pending = new PendingChange<>(change, new CompletableFuture<>());
		this.waiting.add(pending);
		if (this.closed) {
			throw new IllegalStateException("The books are closed");
		}
		try {
			return pending.future.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The change failed", ex.getCause());
		}
	}

	<T extends @Nullable Object> T read(Function<Tables, T> query) {
		synchronized (this.reading) {
			return query.apply(this.reading);
		}
	}

	private void write() {
		try {
			while (!this.closed) {
				List<PendingChange<?>> batch = new ArrayList<>();
				batch.add(this.waiting.take());
				this.waiting.drainTo(batch, MAX_BATCH - 1);
				execute(batch);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * If the batch fails, executes each change alone, so that only the faulty one fails.
	 */
	private void execute(List<PendingChange<?>> batch) {
		try {
			transaction(batch);
		}
		catch (RuntimeException ex) {
			if (batch.size() == 1) {
				batch.getFirst().future.completeExceptionally(ex);
			}
			else {
				batch.forEach((pending) -> execute(List.of(pending)));
			}
		}
	}

	private void transaction(List<? extends PendingChange<?>> batch) {
		this.forWriting.execute("BEGIN IMMEDIATE");
		List<Runnable> completions;
		try {
			completions = batch.stream().map((pending) -> pending.execute(this.writing)).toList();
			this.forWriting.execute("COMMIT");
		}
		catch (RuntimeException ex) {
			rollBack(ex);
			throw ex;
		}
		completions.forEach(Runnable::run);
	}

	private void rollBack(RuntimeException cause) {
		try {
			this.forWriting.execute("ROLLBACK");
		}
		catch (IllegalStateException ex) {
			// SQLite has already rolled back, as it does when the disk is full.
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
		this.waiting.forEach((pending) -> pending.future.completeExceptionally(new IllegalStateException("Closed")));
		synchronized (this.reading) {
			this.forReading.close();
			this.forWriting.close();
		}
	}

}
