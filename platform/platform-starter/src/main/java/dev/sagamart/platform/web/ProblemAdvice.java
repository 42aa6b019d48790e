package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.beans.PropertyEditorSupport;
import java.util.Set;
import java.util.UUID;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;

/**
 * Reads parameters strictly, and is the last exception handler: an exception that no
 * other handler handles becomes problem details, whatever the client accepts.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {

	private static final Set<String> READING = Set.of("GET", "HEAD");

	private static final Problem UNREADABLE = Problem.of(HttpStatus.BAD_REQUEST, "INVALID_PARAMETER",
			"A parameter of the request is out of range.");

	@InitBinder
	void readParametersStrictly(WebDataBinder binder, HttpServletRequest request) {
		binder.registerCustomEditor(UUID.class, new StrictUuid());
		if (READING.contains(request.getMethod())) {
			binder.registerCustomEditor(String.class, new EmptyIsAbsent());
		}
	}

	@ExceptionHandler(Exception.class)
	void handle(Exception error, HttpServletRequest request, HttpServletResponse response) throws Exception {
		if (ProblemMapper.isDisconnect(error)) {
			return;
		}
		if (response.isCommitted()) {
			throw error;
		}
		Problem problem = ProblemMapper.problemOf(error);
		boolean unstorable = problem.code().equals(ProblemMapper.VALUE_NOT_STORABLE);
		ProblemWriter.write(request, response, unstorable && !hasBody(request) ? UNREADABLE : problem);
	}

	/** Without a body, a value that cannot be stored comes from a parameter. */
	private static boolean hasBody(HttpServletRequest request) {
		return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
	}

	/** Spring Security decides between 401 and 403. */
	@ExceptionHandler({ AccessDeniedException.class, AuthenticationException.class })
	void leaveToSecurity(RuntimeException error) {
		throw error;
	}

	/** {@code ?status=} means the same as no {@code status}. */
	private static final class EmptyIsAbsent extends PropertyEditorSupport {

		@Override
		public void setAsText(String text) {
			setValue(text.isEmpty() ? null : text);
		}

	}

}
