package dev.sagamart.users.session;

import dev.sagamart.users.session.LogIn.Throttled;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * How often whoever registers is told that an email address is taken: as often as they
 * may give a wrong password. After that nobody registers from there for a while, with
 * whatever address, so that nothing is told by that either.
 */
@Component
public class TakenEmails {

	/** What they count for in place of an account; no address looks like that. */
	private static final String REGISTRATIONS = "registrations";

	private final FailedLogins failures;

	TakenEmails(FailedLogins failures) {
		this.failures = failures;
	}

	/** How long to wait until somebody may register from there, if at all. */
	public Optional<Throttled> throttled(String address) {
		return this.failures.throttled(REGISTRATIONS, address);
	}

	/**
	 * Somebody there is about to be told.
	 * @return whether that would be too often, so that they must not be told
	 */
	public Optional<Throttled> told(String address) {
		return this.failures.failed(REGISTRATIONS, address);
	}

}
