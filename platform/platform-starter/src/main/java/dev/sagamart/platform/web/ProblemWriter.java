package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.request.CorrelationId;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Writes problem details outside of controllers: in filters, in security, and in the
 * server. The format does not depend on the {@code Accept} header.
 */
public final class ProblemWriter {

	private ProblemWriter() {
	}

	/** Writes a problem. Does nothing if the response is committed. */
	public static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
			throws IOException {
		if (response.isCommitted()) {
			return;
		}
		String correlationId = CorrelationIdFilter.idOf(request);
		byte[] body = problem.toJson(instanceOf(request), correlationId);
		response.resetBuffer();
		response.setStatus(problem.status().value());
		problem.headers().forEach((name, value) -> {
			if (!response.containsHeader(name)) {
				response.setHeader(name, value);
			}
		});
		response.setHeader(CorrelationId.HEADER, correlationId);
		response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
		response.flushBuffer();
	}

	private static String instanceOf(HttpServletRequest request) {
		String path = (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri) ? uri
				: request.getRequestURI();
		return (path != null) ? path : "/";
	}

}
