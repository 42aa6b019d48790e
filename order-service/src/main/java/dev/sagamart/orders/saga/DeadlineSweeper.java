package dev.sagamart.orders.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.scheduling.TriggerContext;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;

/**
 * Handles passed deadlines, in every instance: each skips the rows that another one has
 * locked. The interval varies by a fifth, so that instances which were started at the
 * same time do not run at the same time.
 */
@Component
class DeadlineSweeper implements SchedulingConfigurer {

	private final SagaCoordinator coordinator;

	private final Duration interval;

	DeadlineSweeper(SagaCoordinator coordinator, SagaProperties properties) {
		this.coordinator = coordinator;
		this.interval = properties.sweepInterval();
	}

	@Override
	public void configureTasks(ScheduledTaskRegistrar registrar) {
		registrar.addTriggerTask(this::sweep, this::next);
	}

	private void sweep() {
		boolean more = true;
		while (more) {
			more = this.coordinator.sweep();
		}
	}

	private Instant next(TriggerContext context) {
		long percent = ThreadLocalRandom.current().nextLong(80, 121);
		return context.getClock().instant().plus(this.interval.multipliedBy(percent).dividedBy(100));
	}

}
