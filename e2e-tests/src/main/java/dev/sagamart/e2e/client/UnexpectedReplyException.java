package dev.sagamart.e2e.client;

/** A reply has another status than expected. */
public final class UnexpectedReplyException extends RuntimeException {

	private static final long serialVersionUID = 1;

	private final int status;

	UnexpectedReplyException(Reply reply, int expected) {
		super(reply.request() + " was answered with " + reply.status() + " and not " + expected + ": " + reply.body());
		this.status = reply.status();
	}

	public int status() {
		return this.status;
	}

}
