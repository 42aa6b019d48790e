package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import jakarta.servlet.RequestDispatcher;
import jakarta.validation.Validation;
import jakarta.validation.constraints.NotBlank;
import java.io.EOFException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProblemWriterTests {

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/somewhere");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@Test
	void aHeaderThatIsThereStays() throws Exception {
		this.response.setHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
		ProblemWriter.write(this.request, this.response, Problem.UNAUTHENTICATED);
		assertThat(this.response.getHeaders("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
	}

	@Test
	void theInstanceIsWhereTheErrorHappened() throws Exception {
		this.request.setAttribute(RequestDispatcher.ERROR_REQUEST_URI, "/orders/1");
		ProblemWriter.write(this.request, this.response, Problem.of(HttpStatus.CONFLICT, "SOME_CODE", "Because."));
		assertThat(this.response.getContentAsString()).contains("\"instance\":\"/orders/1\"", "SOME_CODE", "Because.");
	}

	@Test
	void aRequestWithoutAPathHasAnInstanceToo() throws Exception {
		ProblemWriter.write(new MockHttpServletRequest("GET", null) {
			@Override
			public String getRequestURI() {
				return null;
			}
		}, this.response, Problem.BAD_REQUEST);
		assertThat(this.response.getContentAsString()).contains("\"instance\":\"/\"");
	}

	@Test
	void theErrorPathAnswersWhatTheServerSays() throws Exception {
		ProblemErrorController controller = new ProblemErrorController();
		controller.error(this.request, this.response);
		assertThat(this.response.getStatus()).isEqualTo(404);
		MockHttpServletResponse second = new MockHttpServletResponse();
		this.request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, new IllegalStateException("x"));
		controller.error(this.request, second);
		assertThat(second.getStatus()).isEqualTo(500);
	}

	@Test
	void otherFailuresHaveTheirMeaningToo() {
		assertThat(ProblemMapper.problemOf(new InvalidParameterException("x", 413)).status())
			.isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
		assertThat(ProblemMapper.problemOf(new TypeMismatchException("x", Integer.class)).code())
			.isEqualTo("WRONG_TYPE");
		assertThat(ProblemMapper
			.problemOf(new TypeMismatchException("x", Integer.class, ProblemException.badRequest("MINE", "Mine.")))
			.code()).isEqualTo("MINE");
		assertThat(ProblemMapper.problemOf(new AsyncRequestTimeoutException()).headers()).containsKey("Retry-After");
		assertThat(ProblemMapper.problemOf(new ResponseStatusException(HttpStatus.BAD_GATEWAY, "host:5432")).detail())
			.doesNotContain("5432");
		assertThat(ProblemMapper.problemOf(new DataIntegrityViolationException("x")).status())
			.isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
		assertThat(
				ProblemMapper.problemOf(new IllegalStateException(new SQLException("Connection is closed"))).status())
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(ProblemMapper.problemOf(new IllegalStateException(new SQLException("x", "42601"))).status())
			.isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
		for (String state : List.of("08001", "53300", "57014", "40P01", "55P03")) {
			assertThat(ProblemMapper.problemOf(new IllegalStateException(new SQLException("x", state))).status())
				.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		}
	}

	@Test
	void aDatabaseThatWillDoLaterIsUnavailable() {
		for (Exception failure : List.of(new CannotCreateTransactionException("x"),
				new TransactionTimedOutException("x"), new QueryTimeoutException("x"),
				new RecoverableDataAccessException("x"), new DataAccessResourceFailureException("x"),
				new SQLTransientException("x"), new TimeoutException())) {
			assertThat(ProblemMapper.problemOf(new IllegalStateException(failure)))
				.as(failure.getClass().getSimpleName())
				.isEqualTo(Problem.SERVICE_UNAVAILABLE);
		}
	}

	@Test
	void aRequestThatEndsTooSoonIsTheClientsMistake() {
		assertThat(ProblemMapper.problemOf(new EOFException())).isEqualTo(Problem.BAD_REQUEST);
		assertThat(ProblemMapper.problemOf(new BadRequestException("x"))).isEqualTo(Problem.BAD_REQUEST);
	}

	@Test
	void aBoundObjectIsValidatedLikeABody() {
		BeanPropertyBindingResult result = new BeanPropertyBindingResult(new Object(), "query");
		result.reject("wrong", "is wrong as a whole");
		assertThat(ProblemMapper.problemOf(new BindException(result)).errors())
			.containsExactly(new FieldProblem("", "is wrong as a whole"));
	}

	record Named(@NotBlank String name) {
	}

	@Test
	void aViolationNamesItsField() {
		try (var factory = Validation.buildDefaultValidatorFactory()) {
			assertThat(ProblemMapper
				.problemOf(new jakarta.validation.ConstraintViolationException(
						factory.getValidator().validate(new Named(""))))
				.errors()).singleElement().satisfies((error) -> assertThat(error.field()).isEqualTo("name"));
		}
	}

	@Test
	void theAdviceLeavesSecurityToSecurity() {
		assertThatExceptionOfType(BadCredentialsException.class)
			.isThrownBy(() -> new ProblemAdvice().leaveToSecurity(new BadCredentialsException("x")));
	}

	@Test
	void theAdviceIsSilentWhenNobodyListens() throws Exception {
		ProblemAdvice advice = new ProblemAdvice();
		advice.handle(new org.apache.catalina.connector.ClientAbortException("gone"), this.request, this.response);
		assertThat(this.response.getContentAsByteArray()).isEmpty();
		this.response.setCommitted(true);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> advice.handle(new IllegalStateException("late"), this.request, this.response));
		ProblemWriter.write(this.request, this.response, Problem.BAD_REQUEST);
		assertThat(this.response.getContentAsByteArray()).isEmpty();
	}

	@Test
	void keysAreVisibleAscii() {
		assertThat(IdempotencyKeys.checked("!~aZ09")).isEqualTo("!~aZ09");
		for (String key : List.of("", "schl\u00fcssel", "a\tb", "a b", "x".repeat(256))) {
			assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> IdempotencyKeys.checked(key))
				.satisfies((problem) -> assertThat(problem.problem().code()).isEqualTo("IDEMPOTENCY_KEY_INVALID"));
		}
	}

}
