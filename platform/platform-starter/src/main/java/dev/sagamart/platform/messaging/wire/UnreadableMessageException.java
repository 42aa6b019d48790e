package dev.sagamart.platform.messaging.wire;

/** A record from Kafka is not a message that this service knows. */
public final class UnreadableMessageException extends RuntimeException {

	public UnreadableMessageException(String message) {
		super(message);
	}

	public UnreadableMessageException(String message, Throwable cause) {
		super(message, cause);
	}

}
