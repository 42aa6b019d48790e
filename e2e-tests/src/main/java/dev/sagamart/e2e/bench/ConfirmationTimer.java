package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.ServerEvent;
import dev.sagamart.e2e.client.Session;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Follows orders through their event streams, as a shop's front end does: until the
 * client knows that its order is confirmed.
 */
final class Watch implements AutoCloseable {

	private final Latencies latencies = new Latencies();

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	/** Follows an order that was accepted just now. */
	void follow(Session user, UUID orderId) {
		long accepted = System.nanoTime();
		this.executor.execute(() -> {
			ServerEvent last = user.events(orderId, null, Watch::isConfirmed).getLast();
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

	/** Waits for the streams that are open. */
	Latencies finish() {
		this.executor.close();
		return this.latencies;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
