package dev.sagamart.platform.messaging.deadletter.web;

import dev.sagamart.platform.messaging.deadletter.DeadLetter;
import dev.sagamart.platform.messaging.deadletter.DeadLetters;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
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

	@GetMapping
	Page<DeadLetter> list(PageQuery query) {
		return Page.of(this.deadLetters.list(query.fetchSize(), query.afterId()), query, (deadLetter) -> deadLetter,
				(deadLetter) -> List.of(deadLetter.id().toString()));
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
	void discard(@PathVariable UUID id) {
		if (!this.deadLetters.discard(id)) {
			throw notFound();
		}
	}

	private static ProblemException notFound() {
		return ProblemException.notFound("There is no such dead letter.");
	}

}
