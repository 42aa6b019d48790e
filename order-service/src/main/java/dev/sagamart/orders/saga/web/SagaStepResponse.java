package dev.sagamart.orders.saga.web;

import dev.sagamart.orders.saga.SagaStep;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A journal entry as the timeline and the event stream show it. */
record SagaStepResponse(int sequence, Instant at, String service, String type, String state, String detail,
		@Nullable String traceId) {

	static SagaStepResponse from(SagaStep step) {
		return new SagaStepResponse(step.sequence(), step.at(), step.service(), step.type().name(), step.state().name(),
				step.detail(), step.traceId());
	}

}
