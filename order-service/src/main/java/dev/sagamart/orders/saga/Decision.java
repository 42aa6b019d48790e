package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the saga does because of a message. */
public sealed interface Decision {

	/**
	 * The saga takes a step.
	 *
	 * @param because why the order fails, if this step begins its compensation
	 * @param waits whether the deadline of {@code next} starts anew
	 */
	record Step(OrderState next, List<SagaCommand> commands, @Nullable FailureCode because,
			boolean waits) implements Decision {

		public Step {
			commands = List.copyOf(commands);
		}

	}

	/** The message needs no action. */
	record Ignored(String why) implements Decision {
	}

	/** It is no longer possible, and the caller has to be told so. */
	record Refused(String why) implements Decision {
	}

}
