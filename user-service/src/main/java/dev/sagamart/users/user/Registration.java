package dev.sagamart.users.user;

/** What came of a wish to have an account. */
public sealed interface Registration {

	/** It is done. */
	record Registered(User user) implements Registration {
	}

	/** Somebody has that address. */
	record EmailTaken() implements Registration {
	}

}
