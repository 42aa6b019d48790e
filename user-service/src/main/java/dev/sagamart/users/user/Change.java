package dev.sagamart.users.user;

/** What came of changing the roles of an account, or of erasing it. */
public sealed interface Change {

	/** It is done; the user as they are now, or were before they were erased. */
	record Changed(User user) implements Change {
	}

	/** Nobody else could undo it. */
	record LastAdmin() implements Change {
	}

	/** Whoever wants it is no ADMIN, or no longer. */
	record NotAdmin() implements Change {
	}

	/** There is no such account, or no longer. */
	record NoSuchUser() implements Change {
	}

}
