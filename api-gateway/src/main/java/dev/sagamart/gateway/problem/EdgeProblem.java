package dev.sagamart.gateway.problem;

import dev.sagamart.platform.problem.Problem;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Error responses of the gateway that differ from those of the services. */
public final class EdgeProblem {

	public static final Problem INVALID_PARAMETER = Problem.of(HttpStatus.BAD_REQUEST, "INVALID_PARAMETER",
			"A query parameter is invalid or occurs more than once. Correct it.");

	public static final Problem ORIGIN_NOT_ALLOWED = Problem.of(HttpStatus.FORBIDDEN, "ORIGIN_NOT_ALLOWED",
			"Web pages of this origin are not allowed to call the API.");

	public static final Problem REQUEST_TIMEOUT = Problem
		.of(HttpStatus.REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "The request did not arrive in time. Send it again.")
		.with(HttpHeaders.CONNECTION, "close");

	public static final Problem CONTENT_TOO_LARGE = Problem.CONTENT_TOO_LARGE.with(HttpHeaders.CONNECTION, "close");

	private static final Problem URI_TOO_LONG = Problem.of(HttpStatus.URI_TOO_LONG, "URI_TOO_LONG",
			"The request line is too long.");

	public static final Problem TOO_MANY_REQUESTS = Problem.of(HttpStatus.TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS",
			"Too many requests. Try again later.");

	public static final Problem GATEWAY_TIMEOUT = Problem.of(HttpStatus.GATEWAY_TIMEOUT, "GATEWAY_TIMEOUT",
			"The service did not respond in time.");

	private static final Map<Integer, Problem> OF_STATUS = Stream
		.of(Problem.BAD_REQUEST, Problem.UNAUTHENTICATED, Problem.ACCESS_DENIED, Problem.NOT_FOUND,
				Problem.METHOD_NOT_KNOWN, Problem.NOT_ACCEPTABLE, REQUEST_TIMEOUT, CONTENT_TOO_LARGE, URI_TOO_LONG,
				TOO_MANY_REQUESTS, Problem.UNSUPPORTED_MEDIA_TYPE, Problem.HEADERS_TOO_LARGE, Problem.INTERNAL_ERROR,
				Problem.SERVICE_UNAVAILABLE, GATEWAY_TIMEOUT)
		.collect(Collectors.toUnmodifiableMap((problem) -> problem.status().value(), Function.identity()));

	private EdgeProblem() {
	}

	/** The problem for a status, or the most general one of its class. */
	static Problem of(int status) {
		Problem fallback = (status >= 400 && status < 500) ? Problem.BAD_REQUEST : Problem.INTERNAL_ERROR;
		return OF_STATUS.getOrDefault(status, fallback);
	}

}
