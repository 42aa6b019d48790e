package dev.sagamart.platform.web;

/**
 * A service has more work of one kind than it can do in time; other requests are not
 * affected. The client gets 503 with {@code Retry-After}. The header {@value #HEADER}
 * tells the gateway that the service itself has not failed.
 */
public class BusyException extends RuntimeException {

	static final String HEADER = "X-Busy";

	/**
	 * A refusal.
	 * @param message for the log
	 */
	public BusyException(String message) {
		super(message, null, false, false);
	}

}
