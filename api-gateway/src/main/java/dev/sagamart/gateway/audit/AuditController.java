package dev.sagamart.gateway.audit;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@RestController
class AuditController {

	private static final Duration TIMEOUT = Duration.ofMillis(1800);

	private final AuditRepository repository;

	AuditController(AuditRepository repository) {
		this.repository = repository;
	}

	record Page(List<AuditEntry> items, @Nullable String nextPageToken) {
	}

	@GetMapping(path = "/api/v1/operations/audit", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Page> list(@RequestParam MultiValueMap<String, String> parameters) {
		AuditQuery query = AuditQuery.of(parameters);
		return Mono.fromCallable(() -> page(query))
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(TIMEOUT)
			.onErrorMap((ex) -> ex instanceof DataAccessException || ex instanceof TimeoutException,
					(ex) -> ProblemException.of(Problem.SERVICE_UNAVAILABLE,
							"The database cannot read the audit: " + ex));
	}

	private Page page(AuditQuery query) {
		List<AuditEntry> found = this.repository.find(query, query.size() + 1);
		if (found.size() <= query.size()) {
			return new Page(found, null);
		}
		List<AuditEntry> shown = found.subList(0, query.size());
		return new Page(shown, query.tokenAfter(shown.getLast().id()));
	}

}
