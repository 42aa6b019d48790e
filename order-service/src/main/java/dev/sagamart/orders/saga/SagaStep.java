package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a saga's journal: who told what, and what came of it.
 *
 * @param sequence counts an order's entries from 1 without a gap
 * @param service the service that told it
 * @param state the state afterwards
 */
public record SagaStep(UUID orderId, int sequence, Instant at, String service, Trigger type, OrderState state,
		String detail, @Nullable String traceId) {
}
