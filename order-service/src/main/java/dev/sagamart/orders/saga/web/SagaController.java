package dev.sagamart.orders.saga.web;

import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.web.OrderResponse;
import dev.sagamart.orders.saga.Decision;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaJournal;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.orders.saga.Trigger;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Cancellation, shipment and delivery of an order, its timeline and its event stream. */
@RestController
@RequestMapping("/api/v1/orders/{id}")
class SagaController {

	private static final int WHOLE_TIMELINE = 1_000;

	private final SagaCoordinator coordinator;

	private final SagaJournal journal;

	private final SagaStreams streams;

	SagaController(SagaCoordinator coordinator, SagaJournal journal, SagaStreams streams) {
		this.coordinator = coordinator;
		this.journal = journal;
		this.streams = streams;
	}

	@PostMapping("/cancellation")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@Answers(409)
	OrderResponse cancel(Caller caller, @PathVariable UUID id) {
		return handle(caller, SagaMessage.of(id, Trigger.CANCELLATION_REQUESTED), "ORDER_NOT_CANCELLABLE");
	}

	@Secured("ROLE_ADMIN")
	@PostMapping("/shipment")
	@Answers(409)
	OrderResponse ship(Caller caller, @PathVariable UUID id) {
		return handle(caller, SagaMessage.of(id, Trigger.PARCEL_SENT), "ORDER_NOT_SHIPPABLE");
	}

	@Secured("ROLE_ADMIN")
	@PostMapping("/delivery")
	@Answers(409)
	OrderResponse deliver(Caller caller, @PathVariable UUID id) {
		return handle(caller, SagaMessage.of(id, Trigger.PARCEL_DELIVERED), "ORDER_NOT_DELIVERABLE");
	}

	/**
	 * The steps of an order, oldest first. Without a page size the answer holds all of
	 * them, up to a thousand.
	 */
	@GetMapping("/timeline")
	Page<SagaStepResponse> timeline(Caller caller, @PathVariable UUID id, PageQuery query,
			@Parameter(hidden = true) @RequestParam(required = false) @Nullable String pageSize) {
		visible(caller, id);
		PageQuery page = (pageSize == null) ? new PageQuery(WHOLE_TIMELINE, query.after(), query.list()) : query;
		int after = page.isFirst() ? 0 : page.after(SagaController::sequence);
		return Page.of(this.journal.read(id, after + 1, page.fetchSize()), page, SagaStepResponse::from,
				(step) -> List.of(String.valueOf(step.sequence())));
	}

	/** Accepts a number only in the form in which page tokens hold it. */
	private static int sequence(List<String> key) {
		int sequence = Integer.parseInt(key.getFirst());
		if (sequence < 1 || sequence == Integer.MAX_VALUE || !key.equals(List.of(String.valueOf(sequence)))) {
			throw new IllegalArgumentException("Not the number of a step");
		}
		return sequence;
	}

	/**
	 * The steps of an order as they happen. A client that has the last step of an ended
	 * order gets 204, which tells browsers not to reconnect. {@code HEAD} answers like
	 * {@code GET} but opens no stream.
	 */
	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	@Answers(value = { 200, 204 }, body = String.class)
	ResponseEntity<SseEmitter> events(Caller caller, @PathVariable UUID id,
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId, HttpMethod method) {
		int last = sequence(lastEventId);
		if (visible(caller, id).status().isTerminal() && knowsAll(id, last)) {
			return ResponseEntity.noContent().build();
		}
		// The header keeps proxies from buffering the events.
		ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.cacheControl(CacheControl.noCache())
			.header("X-Accel-Buffering", "no");
		return method.equals(HttpMethod.HEAD) ? answer.build()
				: answer.body(this.streams.open(caller.userId(), id, last)
					.orElseThrow(() -> ProblemException.of(HttpStatus.SERVICE_UNAVAILABLE, "TOO_MANY_STREAMS",
							"Too many streams are open. Use the timeline instead; it has the same steps.")));
	}

	private static int sequence(@Nullable Long lastEventId) {
		if (lastEventId == null) {
			return 0;
		}
		if (lastEventId < 0) {
			throw ProblemException.badRequest("WRONG_TYPE", "'Last-Event-ID' is not the id of an event.");
		}
		return Math.clamp(lastEventId, 0, Integer.MAX_VALUE);
	}

	private boolean knowsAll(UUID id, int last) {
		return last > 0 && this.journal.read(id, last, 2).stream().allMatch((step) -> step.sequence() <= last);
	}

	private OrderResponse handle(Caller caller, SagaMessage message, String refusalCode) {
		visible(caller, message.orderId());
		return switch (this.coordinator.handle(message).orElseThrow()) {
			case Decision.Step _, Decision.Ignored _ -> OrderResponse.from(visible(caller, message.orderId()));
			case Decision.Refused refused -> throw ProblemException.conflict(refusalCode, refused.why());
		};
	}

	private Order visible(Caller caller, UUID id) {
		return this.coordinator.find(id)
			.filter((order) -> caller.maySee(order.userId()))
			.orElseThrow(() -> ProblemException.notFound("There is no such order."));
	}

}
