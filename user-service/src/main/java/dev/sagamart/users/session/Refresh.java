package dev.sagamart.users.session;

/** The result of presenting a refresh token. */
public sealed interface Refresh {

	record Refreshed(Tokens tokens) implements Refresh {
	}

	/**
	 * It was used before, by a thief or by the owner, so the session ends.
	 */
	record Reused() implements Refresh {
	}

	/** The client requests more scopes than were granted; the token remains valid. */
	record BeyondGrant() implements Refresh {
	}

	/**
	 * Unknown, expired, of another client, of an ended session, or of an account that
	 * must not log in.
	 */
	record Invalid() implements Refresh {
	}

}
