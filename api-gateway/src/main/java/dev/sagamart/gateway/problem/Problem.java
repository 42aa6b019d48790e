package dev.sagamart.gateway.problem;

import org.springframework.http.HttpStatus;

/** An error that the gateway answers by itself, before it knows of which request. */
public enum Problem {

	BAD_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood."),

	UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "This needs a valid access token."),

	FORBIDDEN(HttpStatus.FORBIDDEN, "This needs a role that the access token does not have."),

	NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing here."),

	METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This method is not supported here."),

	NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No acceptable form of the answer exists."),

	PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The request body is too large."),

	URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "The request line is too long."),

	UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "This media type is not supported."),

	HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request headers are too large."),

	INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side."),

	SERVICE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The service behind this is not available right now."),

	UPSTREAM_TIMEOUT(HttpStatus.GATEWAY_TIMEOUT, "The service behind this did not answer in time.");

	private final HttpStatus status;

	private final String detail;

	Problem(HttpStatus status, String detail) {
		this.status = status;
		this.detail = detail;
	}

	HttpStatus status() {
		return this.status;
	}

	String detail() {
		return this.detail;
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
