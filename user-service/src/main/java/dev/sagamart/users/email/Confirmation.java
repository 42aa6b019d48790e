package dev.sagamart.users.email;

import java.util.UUID;

/** The result of confirming an address. */
public sealed interface Confirmation {

	record Confirmed(UUID userId) implements Confirmation {
	}

	record EmailTaken() implements Confirmation {
	}

	/** The token is unknown, expired or used. */
	record Invalid() implements Confirmation {
	}

}
