package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.ServerEvent;
import dev.sagamart.e2e.client.Session;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long it takes until a client learns from the event stream that its order
 * is confirmed.
 */
final class ConfirmationTimer implements AutoCloseable {

	private static final int MAX_ATTEMPTS = 30;

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final Latencies latencies = new Latencies();

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	/** Starts to measure for an order that was just accepted. */
	void follow(Session user, UUID orderId) {
		long accepted = System.nanoTime();
		this.executor.execute(() -> {
			if (awaitConfirmation(user, orderId)) {
				long took = System.nanoTime() - accepted;
				synchronized (this.latencies) {
					this.latencies.add(took);
				}
			}
		});
	}

	/**
	 * Opens the stream again if it is refused, for instance because there are too many.
	 */
	private static boolean awaitConfirmation(Session user, UUID orderId) {
		for (int attempt = 1; attempt <= MAX_ATTEMPTS && !Thread.currentThread().isInterrupted(); attempt++) {
			try {
				return user.events(orderId, null, ConfirmationTimer::isConfirmed)
					.stream()
					.anyMatch(ConfirmationTimer::isConfirmed);
			}
			catch (IllegalStateException | UncheckedIOException ex) {
				System.err.println(ex.getMessage());
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
		return false;
	}

	private static boolean isConfirmed(ServerEvent event) {
		return event.data().path("state").asString("").equals("CONFIRMED");
	}

	/** Waits for all open streams and returns the measured times. */
	Latencies finish() {
		this.executor.close();
		return this.latencies;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
