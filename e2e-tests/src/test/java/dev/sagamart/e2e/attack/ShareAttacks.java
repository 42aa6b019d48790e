package dev.sagamart.e2e.attack;

import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sagamart.e2e.attack.Scene.Account;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Taking for oneself what is there for all. */
final class ShareAttacks {

	/** Event streams of one user at one instance. */
	private static final int STREAMS = 8;

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private ShareAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		ShareAttacks all = new ShareAttacks(scene);
		all.streams();
		return all.attacks;
	}

	private void streams() {
		this.attacks.add(attack("watching an order with all event streams that there are", () -> {
			Account greedy = Scene.newAccount(this.scene.platform().api());
			Order order = greedy.session()
				.awaitSettled(greedy.session().place(OrderRequest.of(this.scene.product(), 1)));
			Semaphore opened = new Semaphore(0);
			AtomicInteger open = new AtomicInteger();
			try (ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
				try {
					for (int i = 0; i < 3 * STREAMS; i++) {
						watchers.execute(() -> {
							open.incrementAndGet();
							greedy.session().events(order.id(), null, (event) -> {
								opened.release();
								return false;
							});
							open.decrementAndGet();
						});
						opened.acquire();
						opened.drainPermits();
					}
					await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(open).hasValue(STREAMS));
					assertThat(this.scene.victim().session().events(this.scene.order().id(), null, (event) -> true))
						.hasSize(1);
				}
				finally {
					greedy.session().cancel(order);
				}
			}
			assertThat(open).hasValue(0);
		}));
	}

}
