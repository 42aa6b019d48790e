package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the request of an operator does to one saga.
 *
 * @param state the state in which the request found it
 * @param next the state that the request leads to
 * @param commands what the saga asks of its participants then, and the events that it
 * publishes
 * @param refused why the request is not possible
 */
public record SagaOutcome(UUID orderId, OrderState state, OrderState next, List<String> commands,
		@Nullable String refused) {

	public SagaOutcome {
		commands = List.copyOf(commands);
	}

	static SagaOutcome of(UUID orderId, OrderState state, Decision decision) {
		return switch (decision) {
			case Decision.Step step ->
				new SagaOutcome(orderId, state, step.next(), step.commands().stream().map(Enum::name).toList(), null);
			case Decision.Ignored _ -> new SagaOutcome(orderId, state, state, List.of(), null);
			case Decision.Refused refused -> new SagaOutcome(orderId, state, state, List.of(), refused.why());
		};
	}

}
