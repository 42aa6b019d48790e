package dev.sagamart.platform.web;

import dev.sagamart.platform.web.ProblemException.FieldProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * What an error tells the client.
 *
 * @param headers what the response carries besides, such as {@code Allow}
 */
record Problem(HttpStatus status, String code, String detail, List<FieldProblem> errors, Map<String, String> headers) {

	static Problem of(HttpStatus status, String code, String detail) {
		return new Problem(status, code, detail, List.of(), Map.of());
	}

	/** The problem that a bare status stands for. */
	static Problem of(HttpStatus status) {
		return switch (status) {
			case BAD_REQUEST -> of(status, "BAD_REQUEST", "The request cannot be understood.");
			case UNAUTHORIZED -> of(status, "UNAUTHENTICATED", "A valid access token is needed.")
				.with(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
			case FORBIDDEN -> of(status, "ACCESS_DENIED", "The access token does not allow this.");
			case NOT_FOUND -> of(status, "NOT_FOUND", "There is nothing here.");
			case METHOD_NOT_ALLOWED -> of(status, "METHOD_NOT_ALLOWED", "This method is not supported here.");
			case NOT_ACCEPTABLE ->
				of(status, "NOT_ACCEPTABLE", "There is no answer in any of the accepted media types.");
			case CONFLICT -> of(status, "CONFLICT", "The request conflicts with the current state.");
			case CONTENT_TOO_LARGE -> of(status, "CONTENT_TOO_LARGE", "The body is larger than 1 MiB.");
			case UNSUPPORTED_MEDIA_TYPE ->
				of(status, "UNSUPPORTED_MEDIA_TYPE", "The body's media type or encoding is not supported here.");
			case REQUEST_HEADER_FIELDS_TOO_LARGE ->
				of(status, "HEADERS_TOO_LARGE", "The request's headers are too large.");
			case INTERNAL_SERVER_ERROR ->
				of(status, "INTERNAL_ERROR", "Something went wrong. The correlation id helps to find out what it was.");
			case SERVICE_UNAVAILABLE -> of(status, "SERVICE_UNAVAILABLE", "The service cannot answer now. Try again.")
				.with(HttpHeaders.RETRY_AFTER, "1");
			default -> of(status, status.name(), status.getReasonPhrase() + ".");
		};
	}

	static Problem ofStatus(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		return of((known != null && known.isError()) ? known : HttpStatus.INTERNAL_SERVER_ERROR);
	}

	static Problem invalid(List<FieldProblem> errors) {
		return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, "VALIDATION_FAILED",
				"Some fields of the request are not valid.", List.copyOf(errors), Map.of());
	}

	Problem with(String header, String value) {
		Map<String, String> all = new HashMap<>(this.headers);
		all.put(header, value);
		return new Problem(this.status, this.code, this.detail, this.errors, Map.copyOf(all));
	}

}
