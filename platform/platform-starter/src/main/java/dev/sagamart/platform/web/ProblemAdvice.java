package dev.sagamart.platform.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;

/**
 * Reads ids strictly, and is the last of the exception handlers: what a controller or its
 * own advice does not handle becomes problem details, whatever the client accepts.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {

	private final ProblemMapper problems;

	ProblemAdvice(ProblemMapper problems) {
		this.problems = problems;
	}

	@InitBinder
	void readIdsStrictly(WebDataBinder binder) {
		binder.registerCustomEditor(UUID.class, new StrictUuid());
	}

	@ExceptionHandler(Exception.class)
	void handle(Exception error, HttpServletRequest request, HttpServletResponse response) throws Exception {
		if (ProblemMapper.isDisconnect(error)) {
			return;
		}
		if (response.isCommitted()) {
			throw error;
		}
		ProblemWriter.write(request, response, this.problems.problemOf(error));
	}

	/** Spring Security knows better, and asks who is there at all. */
	@ExceptionHandler({ AccessDeniedException.class, AuthenticationException.class })
	void leaveToSecurity(RuntimeException error) {
		throw error;
	}

}
