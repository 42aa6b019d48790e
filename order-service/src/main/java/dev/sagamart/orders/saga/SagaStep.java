package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the journal of a saga: which message came from whom, and what followed.
 *
 * @param sequence counts the entries of an order from 1 without a gap
 * @param service the service that sent the message
 * @param state the state afterwards
 */
public record SagaStep(UUID orderId, int sequence, Instant at, String service, Trigger type, OrderState state,
		String detail, @Nullable String traceId) {
}
