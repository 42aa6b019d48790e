package dev.sagamart.platform.messaging;

/** What came from Kafka is not a message that this service knows. */
final class UnreadableMessageException extends RuntimeException {

	UnreadableMessageException(String message) {
		super(message);
	}

	UnreadableMessageException(String message, Throwable cause) {
		super(message, cause);
	}

}
