package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.ServerEvent;
import dev.sagamart.e2e.client.Session;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Measures how long it takes until a client learns from the event stream that its order
 * is confirmed.
 */
final class ConfirmationTimer implements AutoCloseable {

	private final Latencies latencies = new Latencies();

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	/** Starts to measure for an order that was just accepted. */
	void follow(Session user, UUID orderId) {
		long accepted = System.nanoTime();
		this.executor.execute(() -> {
			ServerEvent last = user.events(orderId, null, ConfirmationTimer::isConfirmed).getLast();
			if (isConfirmed(last)) {
				long took = System.nanoTime() - accepted;
				synchronized (this.latencies) {
					this.latencies.add(took);
				}
			}
		});
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
