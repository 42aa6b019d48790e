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
 * An error response, without the details of the request that it answers.
 *
 * @param code the stable upper-case code of the API contract
 * @param detail a sentence for people, without internal details
 * @param headers additional response headers, such as {@code Allow}
 */
public record Problem(HttpStatus status, String code, String detail, List<FieldProblem> errors,
		Map<String, String> headers) {

	public static final Problem BAD_REQUEST = of(HttpStatus.BAD_REQUEST, "BAD_REQUEST",
			"The request is malformed. Check its syntax and its parameters.");

	public static final Problem INVALID_PAGE_SIZE = of(HttpStatus.BAD_REQUEST, "INVALID_PAGE_SIZE",
			"'pageSize' must be a whole number between 1 and 100.");

	public static final Problem INVALID_PAGE_TOKEN = of(HttpStatus.BAD_REQUEST, "INVALID_PAGE_TOKEN",
			"'pageToken' is not valid for this list. Send the 'nextPageToken' of the previous page, with the same filters.");

	public static final Problem UNAUTHENTICATED = of(HttpStatus.UNAUTHORIZED, "UNAUTHENTICATED",
			"This request needs a valid access token. Log in and send it in the 'Authorization' header.")
		.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer");

	public static final Problem INVALID_TOKEN = of(HttpStatus.UNAUTHORIZED, "INVALID_TOKEN",
			"The access token is invalid, expired or revoked. Log in again.")
		.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");

	public static final Problem ACCESS_DENIED = of(HttpStatus.FORBIDDEN, "ACCESS_DENIED",
			"The access token does not permit this request.")
		.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");

	public static final Problem NOT_FOUND = of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no resource at this path.");

	/** Responses that know the supported methods must add {@code Allow}. */
	public static final Problem METHOD_NOT_ALLOWED = of(HttpStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED",
			"This resource does not support the HTTP method of the request.");

	/** For methods that no resource supports. */
	public static final Problem METHOD_NOT_KNOWN = METHOD_NOT_ALLOWED.with(HttpHeaders.ALLOW,
			"GET, HEAD, POST, PUT, DELETE");

	public static final Problem NOT_ACCEPTABLE = of(HttpStatus.NOT_ACCEPTABLE, "NOT_ACCEPTABLE",
			"The resource is not available in any of the media types that the 'Accept' header names.");

	public static final Problem CONTENT_TOO_LARGE = of(HttpStatus.CONTENT_TOO_LARGE, "CONTENT_TOO_LARGE",
			"The body is larger than 1 MiB.");

	public static final Problem UNSUPPORTED_MEDIA_TYPE = of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE",
			"The resource does not support the media type or the encoding of the request body.");

	public static final Problem HEADERS_TOO_LARGE = of(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "HEADERS_TOO_LARGE",
			"The request headers are too large.");

	public static final Problem INTERNAL_ERROR = of(HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR",
			"An unexpected error occurred. Include the correlation id when you report it.");

	public static final Problem SERVICE_UNAVAILABLE = of(HttpStatus.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE",
			"The service is temporarily unavailable. Try again later.")
		.with(HttpHeaders.RETRY_AFTER, "1");

	private static final Map<HttpStatus, Problem> OF_STATUS = Stream
		.of(BAD_REQUEST, UNAUTHENTICATED, ACCESS_DENIED, NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE,
				of(HttpStatus.CONFLICT, "CONFLICT", "The request conflicts with the current state of the resource."),
				CONTENT_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, HEADERS_TOO_LARGE, INTERNAL_ERROR, SERVICE_UNAVAILABLE)
		.collect(Collectors.toUnmodifiableMap(Problem::status, Function.identity()));

	private static final JsonMapper JSON = JsonMapper.builder().build();

	public static Problem of(HttpStatus status, String code, String detail) {
		return new Problem(status, code, detail, List.of(), Map.of());
	}

	/** Returns the default problem for a status. */
	public static Problem of(HttpStatus status) {
		Problem known = OF_STATUS.get(status);
		return (known != null) ? known : of(status, status.name(), status.getReasonPhrase() + ".");
	}

	/** Returns the default problem; 500 if the number is not an error status. */
	public static Problem ofStatus(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		return of((known != null && known.isError()) ? known : HttpStatus.INTERNAL_SERVER_ERROR);
	}

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
	 * Returns the response body: problem details (RFC 9457), in UTF-8.
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
