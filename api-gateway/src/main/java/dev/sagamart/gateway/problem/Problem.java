package dev.sagamart.gateway.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** An error that the gateway answers by itself, before it knows of which request. */
public enum Problem {

	BAD_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood."),

	INVALID_PAGE_SIZE(HttpStatus.BAD_REQUEST, "'pageSize' must be a whole number between 1 and 100."),

	INVALID_PAGE_TOKEN(HttpStatus.BAD_REQUEST, "'pageToken' is not one that a page came with."),

	INVALID_PARAMETER(HttpStatus.BAD_REQUEST, "A parameter of the query cannot be read."),

	UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "A valid access token is needed.", HttpHeaders.WWW_AUTHENTICATE, "Bearer"),

	INVALID_TOKEN(HttpStatus.UNAUTHORIZED, "The access token is not valid, or no longer.", HttpHeaders.WWW_AUTHENTICATE,
			"Bearer error=\"invalid_token\""),

	ACCESS_DENIED(HttpStatus.FORBIDDEN, "The access token does not allow this.", HttpHeaders.WWW_AUTHENTICATE,
			"Bearer error=\"insufficient_scope\""),

	ORIGIN_NOT_ALLOWED(HttpStatus.FORBIDDEN, "This is not open to pages of other origins."),

	NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing here."),

	METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This method is not supported here.", HttpHeaders.ALLOW,
			"GET, HEAD, POST, PUT, DELETE"),

	NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "There is no answer in any of the accepted media types."),

	REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The request did not arrive in time.", HttpHeaders.CONNECTION, "close"),

	CONTENT_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than 1 MiB.", HttpHeaders.CONNECTION, "close"),

	URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "The request line is too long."),

	TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests. Try again later."),

	UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
			"The body's media type or encoding is not supported here."),

	HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's headers are too large."),

	INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR,
			"Something went wrong. The correlation id helps to find out what it was."),

	SERVICE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot answer now. Try again.",
			HttpHeaders.RETRY_AFTER, "1"),

	GATEWAY_TIMEOUT(HttpStatus.GATEWAY_TIMEOUT, "The service did not answer in time.");

	private final HttpStatus status;

	private final String detail;

	private final @Nullable String header;

	private final String headerValue;

	Problem(HttpStatus status, String detail) {
		this(status, detail, null, "");
	}

	Problem(HttpStatus status, String detail, @Nullable String header, String headerValue) {
		this.status = status;
		this.detail = detail;
		this.header = header;
		this.headerValue = headerValue;
	}

	HttpStatus status() {
		return this.status;
	}

	String detail() {
		return this.detail;
	}

	/** Sets the header that belongs to the status, if there is one. */
	void addTo(HttpHeaders headers) {
		if (this.header != null) {
			headers.set(this.header, this.headerValue);
		}
	}

	/** The problem of a status, or the nearest one of its class. */
	static Problem of(int status) {
		for (Problem problem : values()) {
			if (problem.status.value() == status) {
				return problem;
			}
		}
		return (status >= 400 && status < 500) ? BAD_REQUEST : INTERNAL_ERROR;
	}

}
