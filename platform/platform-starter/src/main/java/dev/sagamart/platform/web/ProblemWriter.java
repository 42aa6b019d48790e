package dev.sagamart.platform.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers with problem details where no controller is: in filters, in security, in the
 * server itself. The form does not depend on what the client accepts.
 */
public final class ProblemWriter {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private ProblemWriter() {
	}

	/**
	 * Writes a problem. Does nothing if the response is committed.
	 * @param code the stable upper-snake word of the contract
	 * @param detail a sentence for people, without internals
	 */
	public static void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status, String code,
			String detail) throws IOException {
		write(request, response, Problem.of(status, code, detail));
	}

	/** Writes the problem that a bare status stands for. */
	public static void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status)
			throws IOException {
		write(request, response, Problem.of(status));
	}

	static void write(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
		if (response.isCommitted()) {
			return;
		}
		String correlationId = CorrelationId.of(request);
		byte[] body = bodyOf(request, correlationId, problem);
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

	private static byte[] bodyOf(HttpServletRequest request, String correlationId, Problem problem) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("type", "about:blank");
		body.put("title", problem.status().getReasonPhrase());
		body.put("status", problem.status().value());
		body.put("detail", problem.detail());
		body.put("instance", instanceOf(request));
		body.put("code", problem.code());
		body.put("correlationId", correlationId);
		if (!problem.errors().isEmpty()) {
			body.put("errors", problem.errors());
		}
		return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
	}

	private static String instanceOf(HttpServletRequest request) {
		String path = (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri) ? uri
				: request.getRequestURI();
		return (path != null) ? path : "/";
	}

}
