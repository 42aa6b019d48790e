package dev.sagamart.users.user;

/** The result of changing the roles of an account, or of erasing it. */
public sealed interface Change {

	/** It is done; the user as they are now, or were before they were erased. */
	record Changed(User user) implements Change {
	}

	/** It would leave nobody who is an ADMIN. */
	record LastAdmin() implements Change {
	}

	/** The caller is not an ADMIN, or is no longer one. */
	record NotAdmin() implements Change {
	}

	/** The account does not exist, or no longer exists. */
	record NoSuchUser() implements Change {
	}

}
