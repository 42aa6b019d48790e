package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sagas took steps in a transaction. Listeners get it after the commit. */
public record SagaMoved(List<Move> moves) {

	public SagaMoved {
		moves = List.copyOf(moves);
	}

	public Set<UUID> orderIds() {
		return this.moves.stream().map(Move::orderId).collect(Collectors.toSet());
	}

	/**
	 * One step.
	 *
	 * @param because why the order fails, if this step begins its compensation
	 * @param age how long ago the order was accepted
	 */
	record Move(UUID orderId, OrderState from, Trigger trigger, OrderState to, @Nullable FailureCode because,
			Duration age) {
	}

}
