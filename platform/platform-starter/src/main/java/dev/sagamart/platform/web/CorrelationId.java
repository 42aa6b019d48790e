package dev.sagamart.platform.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that follows a request through every service, log line, message and error. */
final class CorrelationId {

	static final String HEADER = "X-Correlation-Id";

	private static final String ATTRIBUTE = CorrelationId.class.getName();

	private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private CorrelationId() {
	}

	/**
	 * The client's id if it is well-formed, else a new one; the same for every dispatch
	 * of one request.
	 */
	static String of(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof String known) {
			return known;
		}
		String id = accepted(request.getHeader(HEADER));
		request.setAttribute(ATTRIBUTE, id);
		return id;
	}

	private static String accepted(@Nullable String sent) {
		return (sent != null && VALID.matcher(sent).matches()) ? sent : UUID.randomUUID().toString();
	}

}
