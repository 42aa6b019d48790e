package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which of the sagas that have not ended. A criterion that is {@code null} does not
 * count.
 *
 * @param reason why the order fails
 * @param olderThan how long ago the order must have been accepted at least
 * @param stuck whether only those that an operator has to look at
 */
public record SagaFilter(@Nullable OrderState state, @Nullable FailureCode reason, @Nullable Duration olderThan,
		boolean stuck) {
}
