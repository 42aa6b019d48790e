package dev.sagamart.orders.saga.web;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.saga.Decision;
import dev.sagamart.orders.saga.RunningSaga;
import dev.sagamart.orders.saga.RunningSagas;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaFilter;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.orders.saga.SagaOutcome;
import dev.sagamart.orders.saga.Trigger;
import dev.sagamart.platform.database.ReplicaReads;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
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

	private static final Logger logger = LoggerFactory.getLogger(SagaOperationsController.class);

	private static final int LARGEST = 1000;

	private static final int BATCH = 100;

	private static final int MOST_DAYS = 36_500;

	private final RunningSagas running;

	private final SagaCoordinator coordinator;

	private final ReplicaReads replica;

	SagaOperationsController(RunningSagas running, SagaCoordinator coordinator, ReplicaReads replica) {
		this.running = running;
		this.coordinator = coordinator;
		this.replica = replica;
	}

	record SagaResponse(UUID orderId, OrderState state, long ageSeconds, int attempts, Instant deadline, boolean stuck,
			@Nullable FailureCode reason, String lastHeard) {

		static SagaResponse from(RunningSaga saga) {
			return new SagaResponse(saga.orderId(), saga.state(), saga.ageSeconds(), saga.attempts(), saga.deadline(),
					saga.stuck(), saga.reason(), saga.lastHeard());
		}

	}

	/**
	 * A request for many sagas.
	 *
	 * @param filter an empty one matches all that have not ended
	 * @param dryRun whether only to say what would happen
	 * @param after the last order of the answer before
	 */
	record BulkRequest(@NotNull @Valid Filter filter, @NotNull Boolean dryRun, @Nullable UUID after) {

		record Filter(@Nullable OrderState state, @Nullable FailureCode reason,
				@DurationMin @DurationMax(days = MOST_DAYS) @Nullable Duration olderThan, @Nullable Boolean stuck) {

			SagaFilter toFilter() {
				return new SagaFilter(this.state, this.reason, this.olderThan, Boolean.TRUE.equals(this.stuck));
			}

		}

	}

	/**
	 * What became of the sagas, or would become of them.
	 *
	 * @param more whether more sagas may match; the next request continues after the last
	 * of these
	 */
	record BulkResponse(List<SagaOutcome> sagas, boolean more) {
	}

	@GetMapping
	Page<SagaResponse> list(@RequestParam(required = false) @Nullable OrderState state,
			@RequestParam(required = false) @Nullable FailureCode reason,
			@RequestParam(required = false) @DurationMin @DurationMax(days = MOST_DAYS) @Nullable Duration olderThan,
			@RequestParam(defaultValue = "false") boolean stuck, PageQuery query) {
		SagaFilter filter = new SagaFilter(state, reason, olderThan, stuck);
		List<RunningSaga> rows = this.replica.read(() -> this.running.list(filter, query.afterId(), query.fetchSize()));
		return Page.of(rows, query, SagaResponse::from, (saga) -> List.of(saga.orderId().toString()));
	}

	/**
	 * Sends the current step's command once more, for up to 1,000 sagas that match,
	 * oldest first.
	 */
	@PostMapping("/retry")
	BulkResponse retryAll(@Valid @RequestBody BulkRequest request) {
		return handle(Trigger.RETRY_REQUESTED, request);
	}

	/**
	 * Compensates up to 1,000 sagas that match, oldest first, if they have not passed the
	 * point of no return.
	 */
	@PostMapping("/compensation")
	BulkResponse compensateAll(@Valid @RequestBody BulkRequest request) {
		return handle(Trigger.COMPENSATION_REQUESTED, request);
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

	/**
	 * Takes a transaction for each batch, so that no saga stays locked for long. If one
	 * fails, the answer tells what became of the batches before.
	 */
	private BulkResponse handle(Trigger trigger, BulkRequest request) {
		SagaFilter filter = request.filter().toFilter();
		List<SagaOutcome> outcomes = new ArrayList<>();
		UUID after = request.after();
		boolean more = true;
		while (more && outcomes.size() < LARGEST) {
			try {
				List<SagaOutcome> batch = request.dryRun() ? this.coordinator.preview(trigger, filter, after, BATCH)
						: this.coordinator.handle(trigger, filter, after, BATCH);
				outcomes.addAll(batch);
				more = batch.size() == BATCH;
				after = more ? batch.getLast().orderId() : after;
			}
			catch (RuntimeException ex) {
				if (outcomes.isEmpty()) {
					throw ex;
				}
				logger.warn("{} ends after {} sagas", trigger, outcomes.size(), ex);
				break;
			}
		}
		return new BulkResponse(outcomes, more);
	}

	private void handle(SagaMessage message) {
		Decision decision = this.coordinator.handle(message)
			.orElseThrow(() -> ProblemException.notFound("There is no such saga."));
		if (decision instanceof Decision.Refused refused) {
			throw ProblemException.conflict("SAGA_ENDED", refused.why());
		}
	}

}
