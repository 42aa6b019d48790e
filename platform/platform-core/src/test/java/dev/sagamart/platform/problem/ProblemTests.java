package dev.sagamart.platform.problem;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemTests {

	@Test
	void everyErrorStatusHasAProblem() {
		for (HttpStatus status : HttpStatus.values()) {
			Problem problem = Problem.ofStatus(status.value());
			assertThat(problem.status().value()).isEqualTo(status.isError() ? status.value() : 500);
			assertThat(problem.code()).matches("[A-Z_]+");
			assertThat(problem.detail()).endsWith(".");
		}
		assertThat(Problem.ofStatus(799)).isEqualTo(Problem.INTERNAL_ERROR);
		assertThat(Problem.of(HttpStatus.CONFLICT).code()).isEqualTo("CONFLICT");
		assertThat(Problem.of(HttpStatus.BAD_GATEWAY).code()).isEqualTo("BAD_GATEWAY");
	}

	@Test
	void addsAHeaderToTheOthers() {
		assertThat(Problem.UNAUTHENTICATED.with(HttpHeaders.RETRY_AFTER, "1").headers())
			.containsOnlyKeys(HttpHeaders.WWW_AUTHENTICATE, HttpHeaders.RETRY_AFTER);
		assertThat(Problem.UNAUTHENTICATED.headers()).containsOnlyKeys(HttpHeaders.WWW_AUTHENTICATE);
	}

	@Test
	void writesProblemDetails() {
		assertThat(text(Problem.NOT_FOUND)).isEqualTo("""
				{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no resource at this path.",\
				"instance":"/caf\u00e9","code":"NOT_FOUND","correlationId":"abc"}""");
	}

	@Test
	void listsTheInvalidFields() {
		assertThat(text(Problem.invalid(List.of(new FieldProblem("name", "must not be blank")))))
			.contains("\"status\":422", "\"code\":\"VALIDATION_FAILED\"")
			.endsWith("\"errors\":[{\"field\":\"name\",\"message\":\"must not be blank\"}]}");
	}

	private static String text(Problem problem) {
		return new String(problem.toJson("/caf\u00e9", "abc"), StandardCharsets.UTF_8);
	}

}
