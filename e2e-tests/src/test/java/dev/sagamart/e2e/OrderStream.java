package dev.sagamart.e2e;

import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.Platform;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Buyers who keep ordering while things go wrong, the way a careful client does: a
 * request without a proper answer is sent again with the same idempotency key until there
 * is one.
 */
final class OrderStream implements AutoCloseable {

	private static final List<String> METHODS = List.of("pm_card_visa", "pm_card_mastercard", "pm_card_visa",
			"pm_sim_lost_reply", "pm_card_visa", "pm_sim_flaky", "pm_card_visa", "pm_card_chargeDeclined",
			"pm_card_visa", "pm_sim_capture_declined");

	private static final Duration PAUSE = Duration.ofMillis(150);

	private static final Duration LONGEST = Duration.ofSeconds(10);

	/** How long the same request is sent again: no part takes longer to come back. */
	private static final Duration PERSISTENCE = Platform.START_TIMEOUT;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private final Map<String, UUID> accepted = new ConcurrentHashMap<>();

	private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

	private final Queue<String> badAnswers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger number = new AtomicInteger();

	private volatile boolean open = true;

	/** Begins to order one of the products at a time, each buyer a few times a second. */
	static OrderStream of(List<Product> products, Session... buyers) {
		OrderStream stream = new OrderStream();
		for (Session buyer : buyers) {
			stream.executor.execute(() -> stream.buy(buyer, products));
		}
		return stream;
	}

	/** The orders that were answered with 201, by idempotency key. */
	Map<String, UUID> accepted() {
		return this.accepted;
	}

	/** Waits until so many more orders are accepted. */
	void awaitAccepted(int more) {
		int enough = this.accepted.size() + more;
		Awaitility.await("orders to be accepted")
			.atMost(PERSISTENCE)
			.until(() -> this.accepted.size() >= enough || !this.complaints.isEmpty());
	}

	/** Answers that were 5xx, 429 or none at all, so that the request was repeated. */
	List<String> badAnswers() {
		return List.copyOf(this.badAnswers);
	}

	/**
	 * Answers that must never be: wrong ones, late ones, and a second order for a key.
	 */
	List<String> complaints() {
		return List.copyOf(this.complaints);
	}

	/** Stops ordering, and waits for the answers to what was begun. */
	@Override
	public void close() {
		this.open = false;
		this.executor.close();
	}

	private void buy(Session buyer, List<Product> products) {
		while (this.open) {
			int i = this.number.getAndIncrement();
			OrderRequest request = OrderRequest.of(products.get(i % products.size()), 1)
				.payingWith(METHODS.get(i % METHODS.size()));
			place(buyer, request, "stream-" + UUID.randomUUID());
			LockSupport.parkNanos(PAUSE.toNanos());
		}
	}

	private void place(Session buyer, OrderRequest request, String key) {
		long giveUp = System.nanoTime() + PERSISTENCE.toNanos();
		while (System.nanoTime() < giveUp) {
			long start = System.nanoTime();
			Reply reply = tryOnce(buyer, request, key);
			Duration took = Duration.ofNanos(System.nanoTime() - start);
			if (took.compareTo(LONGEST) > 0) {
				this.complaints.add("An answer took " + took);
			}
			if (reply != null && reply.status() == 201) {
				this.accepted.put(key, UUID.fromString(reply.json().path("id").asString()));
				return;
			}
			if (reply != null && reply.status() < 500 && reply.status() != 429 && reply.status() != 409) {
				this.complaints.add("Answered with " + reply.status() + ": " + reply.body());
				return;
			}
			this.badAnswers.add((reply != null) ? reply.status() + " " + reply.body() : "none");
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		this.complaints.add("No order for " + key + " within " + PERSISTENCE);
	}

	private static @Nullable Reply tryOnce(Session buyer, OrderRequest request, String key) {
		try {
			return buyer.tryToPlace(request, key);
		}
		catch (UncheckedIOException ex) {
			return null;
		}
	}

}
