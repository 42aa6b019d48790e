package dev.sagamart.local;

/** A part of the platform cannot do its work; the message is shown to the user. */
public final class PartFailedException extends RuntimeException {

	private static final long serialVersionUID = 1;

	public PartFailedException(String message) {
		super(message);
	}

	public PartFailedException(String message, Throwable cause) {
		super(message, cause);
	}

}
