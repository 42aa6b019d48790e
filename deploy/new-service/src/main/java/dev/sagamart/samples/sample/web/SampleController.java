package dev.sagamart.samples.sample.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.IdempotentRequests;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.samples.sample.Sample;
import dev.sagamart.samples.sample.SampleEditor;
import dev.sagamart.samples.sample.Samples;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.validator.constraints.CodePointLength;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A sample exists only for its owner and for administrators; others get a 404. */
@RestController
@RequestMapping("/api/v1/samples")
class SampleController {

	private final Samples samples;

	private final SampleEditor editor;

	private final IdempotentRequests idempotentRequests;

	SampleController(Samples samples, SampleEditor editor, IdempotentRequests idempotentRequests) {
		this.samples = samples;
		this.editor = editor;
		this.idempotentRequests = idempotentRequests;
	}

	record SampleRequest(@NotBlank @CodePointLength(max = 2000) String text) {
	}

	record SampleResponse(UUID id, UUID ownerId, String text, Instant writtenAt) {

		static SampleResponse from(Sample sample) {
			return new SampleResponse(sample.id(), sample.ownerId(), sample.text(), sample.writtenAt());
		}

	}

	@PostMapping
	@Answers(value = 201, body = SampleResponse.class)
	ResponseEntity<?> write(Caller caller, @RequestHeader("Idempotency-Key") String idempotencyKey,
			@Valid @RequestBody SampleRequest request) {
		return this.idempotentRequests.run(idempotencyKey, request, () -> {
			Sample sample = this.editor.write(caller.userId(), request.text());
			return ResponseEntity.created(URI.create("/api/v1/samples/" + sample.id()))
				.body(SampleResponse.from(sample));
		});
	}

	/** The caller's samples, the newest first; all samples for an administrator. */
	@GetMapping
	Page<SampleResponse> list(Caller caller, PageQuery query) {
		List<Sample> rows = this.samples.findPage(caller.isAdmin() ? null : caller.userId(), query.afterId(),
				Limit.of(query.fetchSize()));
		return Page.of(rows, query, SampleResponse::from, (sample) -> List.of(sample.id().toString()));
	}

	@GetMapping("/{id}")
	SampleResponse get(Caller caller, @PathVariable UUID id) {
		return this.samples.findById(id)
			.filter((sample) -> caller.maySee(sample.ownerId()))
			.map(SampleResponse::from)
			.orElseThrow(SampleController::notFound);
	}

	@PutMapping("/{id}")
	SampleResponse rewrite(Caller caller, @PathVariable UUID id, @Valid @RequestBody SampleRequest request) {
		return this.editor.rewrite(id, (sample) -> caller.maySee(sample.ownerId()), request.text())
			.map(SampleResponse::from)
			.orElseThrow(SampleController::notFound);
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void remove(Caller caller, @PathVariable UUID id) {
		if (!this.editor.remove(id, (sample) -> caller.maySee(sample.ownerId()))) {
			throw notFound();
		}
	}

	private static ProblemException notFound() {
		return ProblemException.notFound("There is no such sample.");
	}

}
