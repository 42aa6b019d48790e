package dev.sagamart.users.session;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What came of a log-in. */
public sealed interface LogIn {

	/**
	 * The password was right.
	 *
	 * @param tokenGeneration that was read with the password: once all sessions have
	 * ended, there is another one, and no session begins with this
	 * @param at no later than when it was checked
	 */
	record LoggedIn(UUID userId, long tokenGeneration, Instant at) implements LogIn {
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
