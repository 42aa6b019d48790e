package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A saga that has not ended.
 *
 * @param age since the order was accepted
 * @param stuck whether an operator has to look at it
 * @param lastHeard the last message other than a passed deadline, with its detail
 */
public record RunningSaga(UUID orderId, OrderState state, Duration age, int attempts, Instant deadline, boolean stuck,
		String lastHeard) {
}
