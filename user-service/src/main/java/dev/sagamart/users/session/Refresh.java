package dev.sagamart.users.session;

/** The result of presenting a refresh token. */
public sealed interface Refresh {

	record Refreshed(Tokens tokens) implements Refresh {
	}

	/**
	 * It was used before, by a thief or by the owner: nobody can tell, the session ends.
	 */
	record Reused() implements Refresh {
	}

	/** The client asks for more than was granted; the token stays as it was. */
	record BeyondGrant() implements Refresh {
	}

	/**
	 * Unknown, expired, somebody else's, of a session that has ended, or of an account
	 * that nobody can be logged in to.
	 */
	record Invalid() implements Refresh {
	}

}
