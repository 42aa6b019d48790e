package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A saga that has not come to its end.
 *
 * @param age since the order was accepted
 * @param stuck whether it needs somebody to look at it
 * @param lastHeard the last message that was not just about time, and what it said
 */
public record RunningSaga(UUID orderId, OrderState state, Duration age, int attempts, Instant deadline, boolean stuck,
		String lastHeard) {
}
