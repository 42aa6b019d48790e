package dev.sagamart.orders.saga.web;

import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.saga.Decision;
import dev.sagamart.orders.saga.RunningSaga;
import dev.sagamart.orders.saga.RunningSagas;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.orders.saga.Trigger;
import dev.sagamart.platform.database.ReplicaReads;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets operators see the sagas that have not ended, and retry or compensate them.
 */
@RestController
@RequestMapping("/api/v1/operations/sagas")
@Secured("ROLE_ADMIN")
class SagaOperationsController {

	private final RunningSagas running;

	private final SagaCoordinator coordinator;

	private final ReplicaReads replica;

	SagaOperationsController(RunningSagas running, SagaCoordinator coordinator, ReplicaReads replica) {
		this.running = running;
		this.coordinator = coordinator;
		this.replica = replica;
	}

	record SagaResponse(UUID orderId, OrderState state, long ageSeconds, int attempts, Instant deadline, boolean stuck,
			String lastHeard) {

		static SagaResponse from(RunningSaga saga) {
			return new SagaResponse(saga.orderId(), saga.state(), saga.age().toSeconds(), saga.attempts(),
					saga.deadline(), saga.stuck(), saga.lastHeard());
		}

	}

	@GetMapping
	Page<SagaResponse> list(@RequestParam(required = false) @Nullable OrderState state,
			@RequestParam(defaultValue = "false") boolean stuck, PageQuery query) {
		List<RunningSaga> rows = this.replica
			.read(() -> this.running.list(state, stuck, query.afterId(), query.fetchSize()));
		return Page.of(rows, query, SagaResponse::from, (saga) -> List.of(saga.orderId().toString()));
	}

	/** Sends the current step's command once more. */
	@PostMapping("/{orderId}/retry")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@Answers(409)
	void retry(@PathVariable UUID orderId) {
		handle(SagaMessage.of(orderId, Trigger.RETRY_REQUESTED));
	}

	/** Compensates the saga, if it has not passed the point of no return. */
	@PostMapping("/{orderId}/compensation")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@Answers(409)
	void compensate(@PathVariable UUID orderId) {
		handle(SagaMessage.of(orderId, Trigger.COMPENSATION_REQUESTED));
	}

	private void handle(SagaMessage message) {
		Decision decision = this.coordinator.handle(message)
			.orElseThrow(() -> ProblemException.notFound("There is no such saga."));
		if (decision instanceof Decision.Refused refused) {
			throw ProblemException.conflict("SAGA_ENDED", refused.why());
		}
	}

}
