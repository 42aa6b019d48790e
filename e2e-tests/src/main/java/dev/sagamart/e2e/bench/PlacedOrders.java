package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The orders of a phase. The phase starts when this object is created. */
final class PlacedOrders {

	private static final int MOST_TIMELINES = 1000;

	private static final Duration DRAIN = Duration.ofSeconds(60);

	/** Polling more often would add noticeable load. */
	private static final Duration PAUSE = Duration.ofMillis(250);

	private final Session admin;

	private final Instant start = Instant.now();

	private final Map<UUID, Session> accepted = new HashMap<>();

	PlacedOrders(Session admin) {
		this.admin = admin;
	}

	void add(Session user, UUID id) {
		this.accepted.put(id, user);
	}

	/** Waits until no order is pending, at most {@link #DRAIN}. */
	void awaitEnd() throws InterruptedException {
		Instant end = Instant.now().plus(DRAIN);
		while (!this.accepted.isEmpty() && isAnythingPending() && Instant.now().isBefore(end)) {
			TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
		}
	}

	private boolean isAnythingPending() {
		return !this.admin.read("/api/v1/orders?status=PENDING&pageSize=1").json().path("items").isEmpty();
	}

	/** Reads the orders and computes the results from their timestamps. */
	Outcome.Orders evaluate(Latencies seen, Backlog backlog) {
		List<Order> confirmed = new ArrayList<>();
		int open = 0;
		Instant last = this.start;
		for (Order order : read()) {
			if (order.status().equals("CONFIRMED")) {
				confirmed.add(order);
				last = order.updatedAt().isAfter(last) ? order.updatedAt() : last;
			}
			else if (!order.isSettled()) {
				open++;
			}
		}
		double seconds = Math.max(0.001, Duration.between(this.start, last).toMillis() / 1e3);
		return new Outcome.Orders(this.accepted.size(), confirmed.size(), open, confirmed.size() / seconds,
				confirmationTimes(confirmed), seen, backlog.peak(Backlog.OUTBOX), backlog.peak(Backlog.LAG));
	}

	/**
	 * The confirmation times from the timelines of at most {@link #MOST_TIMELINES}
	 * orders, evenly spread. Each buyer reads their own orders, so that no rate limit is
	 * reached.
	 */
	private Latencies confirmationTimes(List<Order> confirmed) {
		Latencies latencies = new Latencies();
		int step = 1 + confirmed.size() / MOST_TIMELINES;
		for (int i = 0; i < confirmed.size(); i += step) {
			Order order = confirmed.get(i);
			Objects.requireNonNull(this.accepted.get(order.id()))
				.timeline(order)
				.stream()
				.filter((entry) -> entry.state().equals("CONFIRMED"))
				.findFirst()
				.ifPresent((entry) -> latencies.add(Duration.between(order.createdAt(), entry.at()).toNanos()));
		}
		return latencies;
	}

	private List<Order> read() {
		return this.admin.all("/api/v1/orders?pageSize=100", Order.class)
			.takeWhile((order) -> !order.createdAt().isBefore(this.start))
			.filter((order) -> this.accepted.containsKey(order.id()))
			.toList();
	}

}
