package dev.sagamart.platform.problem;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an error tells the client, before it is known of which request.
 *
 * @param code the stable upper-snake word of the contract
 * @param detail a sentence for people, without internals
 * @param headers what the response carries besides, such as {@code Allow}
 */
public record Problem(HttpStatus status, String code, String detail, List<FieldProblem> errors,
		Map<String, String> headers) {

	public static final Problem BAD_REQUEST = of(HttpStatus.BAD_REQUEST, "BAD_REQUEST",
			"The request cannot be understood.");

	public static final Problem INVALID_PAGE_SIZE = of(HttpStatus.BAD_REQUEST, "INVALID_PAGE_SIZE",
			"'pageSize' must be a whole number between 1 and 100.");

	public static final Problem INVALID_PAGE_TOKEN = of(HttpStatus.BAD_REQUEST, "INVALID_PAGE_TOKEN",
			"'pageToken' is not one that a page came with.");

	public static final Problem UNAUTHENTICATED = of(HttpStatus.UNAUTHORIZED, "UNAUTHENTICATED",
			"A valid access token is needed.")
		.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer");

	public static final Problem INVALID_TOKEN = of(HttpStatus.UNAUTHORIZED, "INVALID_TOKEN",
			"The access token is not valid, or it is no longer valid.")
		.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");

	public static final Problem ACCESS_DENIED = of(HttpStatus.FORBIDDEN, "ACCESS_DENIED",
			"The access token does not allow this.")
		.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");

	public static final Problem NOT_FOUND = of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is nothing here.");

	/** Where it is known which methods are, a header has to say so. */
	public static final Problem METHOD_NOT_ALLOWED = of(HttpStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED",
			"This method is not supported here.");

	/** Of a method that is supported nowhere. */
	public static final Problem METHOD_NOT_KNOWN = METHOD_NOT_ALLOWED.with(HttpHeaders.ALLOW,
			"GET, HEAD, POST, PUT, DELETE");

	public static final Problem NOT_ACCEPTABLE = of(HttpStatus.NOT_ACCEPTABLE, "NOT_ACCEPTABLE",
			"There is no answer in any of the accepted media types.");

	public static final Problem CONTENT_TOO_LARGE = of(HttpStatus.CONTENT_TOO_LARGE, "CONTENT_TOO_LARGE",
			"The body is larger than 1 MiB.");

	public static final Problem UNSUPPORTED_MEDIA_TYPE = of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE",
			"The body's media type or encoding is not supported here.");

	public static final Problem HEADERS_TOO_LARGE = of(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "HEADERS_TOO_LARGE",
			"The request's headers are too large.");

	public static final Problem INTERNAL_ERROR = of(HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR",
			"Something went wrong. The correlation id helps to find out what it was.");

	public static final Problem SERVICE_UNAVAILABLE = of(HttpStatus.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE",
			"The service cannot answer now. Try again.")
		.with(HttpHeaders.RETRY_AFTER, "1");

	private static final Map<HttpStatus, Problem> OF_STATUS = Stream
		.of(BAD_REQUEST, UNAUTHENTICATED, ACCESS_DENIED, NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE,
				of(HttpStatus.CONFLICT, "CONFLICT", "The request conflicts with the current state."), CONTENT_TOO_LARGE,
				UNSUPPORTED_MEDIA_TYPE, HEADERS_TOO_LARGE, INTERNAL_ERROR, SERVICE_UNAVAILABLE)
		.collect(Collectors.toUnmodifiableMap(Problem::status, Function.identity()));

	private static final JsonMapper JSON = JsonMapper.builder().build();

	public static Problem of(HttpStatus status, String code, String detail) {
		return new Problem(status, code, detail, List.of(), Map.of());
	}

	/** The problem that a bare status stands for. */
	public static Problem of(HttpStatus status) {
		Problem known = OF_STATUS.get(status);
		return (known != null) ? known : of(status, status.name(), status.getReasonPhrase() + ".");
	}

	/** The same for a number; one that is no error's stands for one of ours. */
	public static Problem ofStatus(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		return of((known != null && known.isError()) ? known : HttpStatus.INTERNAL_SERVER_ERROR);
	}

	/** A readable but invalid request, with the fields at fault. */
	public static Problem invalid(List<FieldProblem> errors) {
		return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, "VALIDATION_FAILED",
				"Some fields of the request are not valid.", List.copyOf(errors), Map.of());
	}

	public Problem with(String header, String value) {
		Map<String, String> all = new HashMap<>(this.headers);
		all.put(header, value);
		return new Problem(this.status, this.code, this.detail, this.errors, Map.copyOf(all));
	}

	/**
	 * The body of the answer: problem details (RFC 9457), in UTF-8.
	 * @param instance the path of the request
	 */
	public byte[] toJson(String instance, String correlationId) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("type", "about:blank");
		body.put("title", this.status.getReasonPhrase());
		body.put("status", this.status.value());
		body.put("detail", this.detail);
		body.put("instance", instance);
		body.put("code", this.code);
		body.put("correlationId", correlationId);
		if (!this.errors.isEmpty()) {
			body.put("errors", this.errors);
		}
		return JSON.writeValueAsBytes(body);
	}

}
