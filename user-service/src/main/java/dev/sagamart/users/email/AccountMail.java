package dev.sagamart.users.email;

import dev.sagamart.users.user.EmailAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail about an account.
 *
 * @param userId {@code null} for a reset, of whom only the address is known
 * @param email where it goes; {@code null} for a reset
 * @param ownerId who has that address now
 */
record AccountMail(UUID id, Kind kind, @Nullable UUID userId, @Nullable EmailAddress email, @Nullable UUID ownerId) {

	/** What it is for. */
	enum Kind {

		/** Asks whether an address is the user's. Has a token. */
		CONFIRMATION,

		/** Tells the address of the account that another one is to take its place. */
		EMAIL_CHANGE,

		/** Lets somebody choose a new password. Has a token. */
		PASSWORD_RESET,

		/** Tells that it was chosen. */
		PASSWORD_CHANGE,

		/** Tells that log-ins need a code from now on. */
		SECOND_FACTOR_ADDED,

		/** Tells that they need none any more. */
		SECOND_FACTOR_REMOVED

	}

}
