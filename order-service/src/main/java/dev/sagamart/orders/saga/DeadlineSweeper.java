package dev.sagamart.orders.saga;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Handles passed deadlines, in every instance: each skips the rows that another one has
 * locked.
 */
@Component
class DeadlineSweeper {

	private final SagaCoordinator coordinator;

	DeadlineSweeper(SagaCoordinator coordinator) {
		this.coordinator = coordinator;
	}

	@Scheduled(fixedDelayString = "${sagamart.saga.sweep-interval:500ms}")
	void sweep() {
		boolean more = true;
		while (more) {
			more = this.coordinator.sweep();
		}
	}

}
