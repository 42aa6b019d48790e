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
 * Buyers who place orders during faults. A request that fails is repeated with the same
 * idempotency key until it succeeds.
 */
final class OrderStream implements AutoCloseable {

	private static final List<String> METHODS = List.of("pm_card_visa", "pm_card_mastercard", "pm_card_visa",
			"pm_sim_lost_reply", "pm_card_visa", "pm_sim_flaky", "pm_card_visa", "pm_card_chargeDeclined",
			"pm_card_visa", "pm_sim_capture_declined");

	private static final Duration PAUSE = Duration.ofMillis(150);

	private static final Duration MAX_RESPONSE_TIME = Duration.ofSeconds(10);

	/** How long a request is repeated: the longest time until a part is ready again. */
	private static final Duration GIVE_UP_AFTER = Platform.START_TIMEOUT;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private final Map<String, UUID> accepted = new ConcurrentHashMap<>();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private final Queue<String> failedAttempts = new ConcurrentLinkedQueue<>();

	private final AtomicInteger number = new AtomicInteger();

	private volatile boolean open = true;

	/** Starts to place orders of one product each, a few per second and buyer. */
	static OrderStream of(List<Product> products, Session... buyers) {
		OrderStream stream = new OrderStream();
		for (Session buyer : buyers) {
			stream.executor.execute(() -> stream.buy(buyer, products));
		}
		return stream;
	}

	/** The accepted orders by idempotency key. */
	Map<String, UUID> accepted() {
		return this.accepted;
	}

	/** Waits until the given number of further orders is accepted. */
	void awaitAccepted(int more) {
		int enough = this.accepted.size() + more;
		Awaitility.await("orders to be accepted")
			.atMost(GIVE_UP_AFTER)
			.until(() -> this.accepted.size() >= enough || !this.violations.isEmpty());
	}

	/** The failed attempts (5xx, 429 or no reply) after which a request was repeated. */
	List<String> failedAttempts() {
		return List.copyOf(this.failedAttempts);
	}

	/**
	 * Replies that must never happen: wrong ones and late ones.
	 */
	List<String> violations() {
		return List.copyOf(this.violations);
	}

	/** Stops placing orders and waits for pending requests. */
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
		long giveUp = System.nanoTime() + GIVE_UP_AFTER.toNanos();
		while (System.nanoTime() < giveUp) {
			long start = System.nanoTime();
			Reply reply = tryOnce(buyer, request, key);
			Duration took = Duration.ofNanos(System.nanoTime() - start);
			if (took.compareTo(MAX_RESPONSE_TIME) > 0) {
				this.violations.add("A reply took " + took);
			}
			if (reply != null && reply.status() == 201) {
				this.accepted.put(key, UUID.fromString(reply.json().path("id").asString()));
				return;
			}
			if (reply != null && reply.status() < 500 && reply.status() != 429 && reply.status() != 409) {
				this.violations.add("Answered with " + reply.status() + ": " + reply.body());
				return;
			}
			this.failedAttempts.add((reply != null) ? reply.status() + " " + reply.body() : "none");
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		this.violations.add("No order for " + key + " within " + GIVE_UP_AFTER);
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
