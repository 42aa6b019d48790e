package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Counts the steps of sagas after their commit. The number of sagas in each state comes
 * from the database every ten seconds, so all instances report the same.
 */
@Component
class SagaMetrics {

	private final MeterRegistry meters;

	private final RunningSagas running;

	private final Timer confirmed;

	private volatile Map<OrderState, Long> waiting = Map.of();

	private volatile long stuck;

	SagaMetrics(MeterRegistry meters, RunningSagas running) {
		this.meters = meters;
		this.running = running;
		this.confirmed = Timer.builder("sagamart.saga.confirmation")
			.description("From the acceptance of an order to its confirmation")
			.publishPercentileHistogram()
			.minimumExpectedValue(Duration.ofMillis(10))
			.maximumExpectedValue(Duration.ofMinutes(1))
			.register(meters);
		Arrays.stream(OrderState.values())
			.filter(OrderState::isWaiting)
			.forEach((state) -> Gauge.builder("sagamart.saga.waiting", () -> this.waiting.getOrDefault(state, 0L))
				.description("Sagas that wait in a state")
				.tag("state", state.name())
				.register(meters));
		Gauge.builder("sagamart.saga.stuck", () -> this.stuck)
			.description("Sagas that need an operator")
			.register(meters);
	}

	@TransactionalEventListener
	void on(SagaMoved moved) {
		for (SagaMoved.Move move : moved.moves()) {
			if (move.from() != OrderState.CONFIRMED && move.to() == OrderState.CONFIRMED) {
				this.confirmed.record(move.age());
			}
			if (move.from() != move.to() && move.to().status().isTerminal()) {
				this.meters.counter("sagamart.saga.ended", "status", move.to().status().name()).increment();
			}
			if (move.because() != null) {
				this.meters.counter("sagamart.saga.compensations", "cause", move.because().name()).increment();
			}
			if (move.trigger() == Trigger.DEADLINE_PASSED) {
				this.meters.counter("sagamart.saga.deadlines", "state", move.from().name()).increment();
			}
		}
	}

	@Scheduled(fixedDelayString = "PT10S")
	void measure() {
		this.waiting = this.running.countByState();
		this.stuck = this.running.countStuck();
	}

}
