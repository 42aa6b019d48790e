package dev.sagamart.platform.messaging;

/**
 * Thrown by a {@link MessageHandler} when something that it needs is away for a while.
 * The same messages come again after a pause, without limit, and hold up their partition
 * until then.
 */
public class RetryLaterException extends RuntimeException {

	public RetryLaterException(String message, Throwable cause) {
		super(message, cause);
	}

	public RetryLaterException(String message) {
		super(message);
	}

}
