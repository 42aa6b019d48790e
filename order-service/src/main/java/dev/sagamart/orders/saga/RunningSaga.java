package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A saga that has not ended.
 *
 * @param ageSeconds since the order was accepted
 * @param stuck whether an operator has to look at it
 * @param reason why the order fails, if it does
 * @param lastHeard the last message other than a passed deadline, with its detail
 */
public record RunningSaga(UUID orderId, OrderState state, long ageSeconds, int attempts, Instant deadline,
		boolean stuck, @Nullable FailureCode reason, String lastHeard) {
}
