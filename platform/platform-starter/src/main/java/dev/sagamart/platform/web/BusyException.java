package dev.sagamart.platform.web;

/**
 * There is more of one kind of work than can be done in time; other requests are not
 * concerned. To the client it is a 503 with {@code Retry-After}. The gateway, which reads
 * the header {@value #HEADER}, does not take it for a failure of the service.
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
