package dev.sagamart.users.email;

import dev.sagamart.users.user.EmailAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail about an account, which the queue sends.
 *
 * @param userId {@code null} for a reset, for which only the address is known
 * @param email the recipient; {@code null} for a reset
 * @param ownerId the user who has that address now
 */
record AccountMail(UUID id, Kind kind, @Nullable UUID userId, @Nullable EmailAddress email, @Nullable UUID ownerId) {

	/** What it is for. */
	enum Kind {

		/** Asks the recipient to confirm the address. Has a token. */
		CONFIRMATION,
		/** Tells the current address that the account is about to get another one. */
		EMAIL_CHANGE,
		/** Lets the recipient choose a new password. Has a token. */
		PASSWORD_RESET,
		/** Says that the password was changed. */
		PASSWORD_CHANGE,
		/** Says that log-ins need a code from now on. */
		SECOND_FACTOR_ADDED,
		/** Says that log-ins no longer need a code. */
		SECOND_FACTOR_REMOVED

	}

}
