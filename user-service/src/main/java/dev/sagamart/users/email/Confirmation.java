package dev.sagamart.users.email;

import java.util.UUID;

/** What came of confirming an address. */
public sealed interface Confirmation {

	/** It is the user's address now. */
	record Confirmed(UUID userId) implements Confirmation {
	}

	/** Somebody else has it by now. */
	record EmailTaken() implements Confirmation {
	}

	/** The token is unknown, expired or used. */
	record Invalid() implements Confirmation {
	}

}
