package dev.sagamart.users.session;

import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.ByPassword;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Credentials;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.Passwords;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** The one place where a password is checked; see {@link LogInCheck} for log-ins. */
@Service
public class PasswordCheck {

	private final FailedLogins failures;

	private final Accounts accounts;

	private final Passwords passwords;

	private final Clock clock;

	PasswordCheck(FailedLogins failures, Accounts accounts, Passwords passwords, Clock clock) {
		this.failures = failures;
		this.accounts = accounts;
		this.passwords = passwords;
		this.clock = clock;
	}

	/**
	 * Checks a password, in the same steps whether there is such an account or not.
	 * @param email as it was typed; what cannot be an address is no account
	 * @param address where the request comes from
	 */
	public ByPassword check(String email, String password, String address) {
		return EmailAddress.of(email)
			.map((readable) -> check(readable, password, address))
			.orElseGet(BadCredentials::new);
	}

	/** What cannot be checked, because too many others are, is no failure. */
	private ByPassword check(EmailAddress email, String password, String address) {
		Optional<Throttled> throttled = this.failures.throttled(email.key(), address);
		if (throttled.isPresent()) {
			return throttled.get();
		}
		Instant now = this.clock.instant();
		Optional<Credentials> credentials = this.accounts.credentials(email);
		boolean right = this.passwords.matches(password, credentials.map(Credentials::passwordHash).orElse(null));
		return right
				? this.failures.succeeded(email.key(), address)
					.<ByPassword>map((late) -> late)
					.orElseGet(() -> loggedIn(credentials.orElseThrow(), now))
				: this.failures.failed(email.key(), address)
					.<ByPassword>map((late) -> late)
					.orElseGet(BadCredentials::new);
	}

	private static LoggedIn loggedIn(Credentials credentials, Instant at) {
		return new LoggedIn(credentials.userId(), credentials.tokenGeneration(), at);
	}

	/** Forgets the wrong passwords of an account that has another one now. */
	public void forget(EmailAddress email) {
		this.failures.forget(email.key());
	}

}
