package dev.sagamart.users.session;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

public sealed interface LogIn {

	/** The results of checking a password alone. */
	sealed interface ByPassword extends LogIn {

	}

	/** The results of checking a code of a second factor alone. */
	sealed interface ByCode extends LogIn {

	}

	/** The results of giving the first code of a second factor. */
	sealed interface Activation {

	}

	/**
	 * The password, and the code if one is needed, are right.
	 *
	 * @param tokenGeneration read together with the password; after all sessions have
	 * ended there is another one, and no session can begin with this
	 * @param at a time before the check of the password
	 */
	record LoggedIn(UUID userId, long tokenGeneration, Instant at) implements ByPassword, ByCode, Principal {

		@Override
		public String getName() {
			return this.userId.toString();
		}

	}

	/**
	 * The password is wrong, or the account does not exist; callers do not learn which.
	 */
	record BadCredentials() implements ByPassword {
	}

	/** The password was right, and a code of the second factor is missing. */
	record SecondFactorRequired() implements LogIn {
	}

	/** The code is wrong or was used before, or no secret waits for its first code. */
	record WrongCode() implements ByCode, Activation {
	}

	/**
	 * From now on log-ins need a code. All sessions have ended.
	 *
	 * @param recoveryCodes they are shown only once
	 */
	record Enrolled(List<String> recoveryCodes) implements Activation {

		@Override
		public String toString() {
			return "Enrolled[…]";
		}

	}

	/**
	 * Too many failures from that address, or too many wrong codes.
	 *
	 * @param limit how many are allowed
	 * @param remaining until the next try counts
	 */
	record Throttled(int limit, Duration remaining) implements ByPassword, ByCode, Activation {

		/** Whole seconds, rounded up. */
		public long retryAfterSeconds() {
			return Math.max(1, this.remaining.plusSeconds(1).minusNanos(1).toSeconds());
		}

	}

}
