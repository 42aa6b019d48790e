package dev.sagamart.users.session;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What came of a log-in. */
public sealed interface LogIn {

	/**
	 * The password was right.
	 *
	 * @param at no later than when it was checked: if all sessions end after that, none
	 * begins with it
	 */
	record LoggedIn(UUID userId, Instant at) implements LogIn {
	}

	/** Wrong password or no such account: nobody is told which. */
	record BadCredentials() implements LogIn {
	}

	/**
	 * Too many failures from that address.
	 *
	 * @param limit how many are allowed
	 * @param remaining until the next try counts
	 */
	record Throttled(int limit, Duration remaining) implements LogIn {

		/** Whole seconds, and never one too few. */
		public long retryAfterSeconds() {
			return Math.max(1, this.remaining.plusSeconds(1).minusNanos(1).toSeconds());
		}

	}

}
