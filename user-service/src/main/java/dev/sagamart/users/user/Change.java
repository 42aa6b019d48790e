package dev.sagamart.users.user;

/** The result of changing the roles of an account, or of erasing it. */
public sealed interface Change {

	/** The change is done; the user after the change, or before the erasure. */
	record Changed(User user) implements Change {
	}

	/** There would be no ADMIN left. */
	record LastAdmin() implements Change {
	}

	/** The caller is not an ADMIN, or is no longer one. */
	record NotAdmin() implements Change {
	}

	/** The account does not exist, or no longer exists. */
	record NoSuchUser() implements Change {
	}

}
