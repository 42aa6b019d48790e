package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the saga makes of a message. */
public sealed interface Decision {

	/**
	 * The saga takes a step.
	 *
	 * @param because why the order will not go through, if this step turns it back
	 * @param waits whether the deadline of {@code next} starts anew
	 */
	record Step(OrderState next, List<SagaCommand> commands, @Nullable FailureCode because,
			boolean waits) implements Decision {

		public Step {
			commands = List.copyOf(commands);
		}

	}

	/** Nothing is to be done, and that is right. */
	record Ignored(String why) implements Decision {
	}

	/** It cannot be done any more; whoever asked has to be told. */
	record Refused(String why) implements Decision {
	}

}
