package dev.sagamart.platform.messaging.deadletter.web;

import dev.sagamart.platform.messaging.deadletter.DeadLetter;
import dev.sagamart.platform.messaging.deadletter.DeadLetter.Filter;
import dev.sagamart.platform.messaging.deadletter.DeadLetters;
import dev.sagamart.platform.messaging.wire.UnreadableMessageException;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * This service's dead letters, for ADMIN. The path has the service's name without
 * {@code -service}.
 */
@RestController
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@RequestMapping("/api/v1/operations/#{environment['spring.application.name'].replace('-service', '')}/dead-letters")
@Secured("ROLE_ADMIN")
public final class DeadLetterController {

	private final DeadLetters deadLetters;

	public DeadLetterController(DeadLetters deadLetters) {
		this.deadLetters = deadLetters;
	}

	/**
	 * A change of a dead letter. What is absent stays as it is.
	 *
	 * @param headers all of them
	 * @param payload as text; what is masked in it stays as it is
	 */
	record Change(@Nullable Map<String, @NotNull String> headers, @Nullable String payload) {
	}

	/**
	 * A request to replay all that match.
	 *
	 * @param filter an empty one matches all
	 */
	record ReplayRequest(@NotNull Filter filter, @NotNull @Min(1) @Max(1000) Integer perSecond) {
	}

	/** How many will be replayed in the background. */
	record ReplayResponse(int scheduled) {
	}

	record Reason(@NotBlank @Size(max = 500) String reason) {
	}

	@GetMapping
	Page<DeadLetter> list(@RequestParam(required = false) @Nullable String consumer,
			@RequestParam(required = false) @Nullable String topic,
			@RequestParam(required = false) @Nullable String type,
			@RequestParam(required = false) @Nullable String cause,
			@RequestParam(defaultValue = "false") boolean discarded, PageQuery query) {
		List<DeadLetter> found = this.deadLetters.list(new Filter(consumer, topic, type, cause), discarded,
				query.fetchSize(), query.afterId());
		return Page.of(found, query, (deadLetter) -> deadLetter, (deadLetter) -> List.of(deadLetter.id().toString()));
	}

	@GetMapping("/{id}")
	DeadLetter one(@PathVariable UUID id) {
		return this.deadLetters.find(id).orElseThrow(DeadLetterController::notFound);
	}

	/**
	 * Changes the message. It must be one of its topic afterwards, with the same id. The
	 * original stays beside it.
	 */
	@PutMapping("/{id}")
	DeadLetter fix(@PathVariable UUID id, @Valid @RequestBody Change change) {
		try {
			return this.deadLetters.fix(id, change.headers(), change.payload())
				.orElseThrow(DeadLetterController::notFound);
		}
		catch (UnreadableMessageException ex) {
			throw ProblemException.unprocessable("MESSAGE_UNREADABLE", Objects.requireNonNull(ex.getMessage()));
		}
	}

	/** Replays up to 10,000 that match in the background, the oldest first. */
	@PostMapping("/replay")
	@ResponseStatus(HttpStatus.ACCEPTED)
	ReplayResponse replayAll(@Valid @RequestBody ReplayRequest request) {
		return new ReplayResponse(this.deadLetters.replayAll(request.filter(), request.perSecond()));
	}

	@PostMapping("/{id}/replay")
	@Answers(409)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void replay(@PathVariable UUID id) {
		switch (this.deadLetters.replay(id)) {
			case HANDLED -> {
			}
			case FAILED -> throw ProblemException.conflict("REPLAY_FAILED",
					"The message failed again. The dead letter tells the cause.");
			case NOT_FOUND -> throw notFound();
		}
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void discard(@PathVariable UUID id, @Valid @RequestBody(required = false) @Nullable Reason why) {
		if (!this.deadLetters.discard(id, (why != null) ? why.reason() : null)) {
			throw notFound();
		}
	}

	private static ProblemException notFound() {
		return ProblemException.notFound("There is no such dead letter.");
	}

}
