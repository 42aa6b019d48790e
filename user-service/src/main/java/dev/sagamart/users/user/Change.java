package dev.sagamart.users.user;

/** What came of taking something from an account. */
public sealed interface Change {

	/** It is done; the user as they are now, or were before they were erased. */
	record Changed(User user) implements Change {
	}

	/** Nobody else could undo it. */
	record LastAdmin() implements Change {
	}

	/** There is no such account, or no longer. */
	record NoSuchUser() implements Change {
	}

}
