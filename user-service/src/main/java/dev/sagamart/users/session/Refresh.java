package dev.sagamart.users.session;

/** What came of presenting a refresh token. */
public sealed interface Refresh {

	record Refreshed(Tokens tokens) implements Refresh {
	}

	/**
	 * It was used before, by a thief or by the owner: nobody can tell, the session ends.
	 */
	record Reused() implements Refresh {
	}

	/** More is asked for than was granted; nothing has happened to the token. */
	record BeyondGrant() implements Refresh {
	}

	/**
	 * Unknown, expired, somebody else's, of a session that has ended, or of an account
	 * that nobody can be logged in to.
	 */
	record Invalid() implements Refresh {
	}

}
