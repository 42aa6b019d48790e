package dev.sagamart.users.session;

import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Credentials;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.Passwords;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** The one place where a password is checked, for the API and for the login page. */
@Service
public class PasswordCheck {

	private final FailedLogins failures;

	private final Accounts accounts;

	private final Passwords passwords;

	private final SessionProperties properties;

	PasswordCheck(FailedLogins failures, Accounts accounts, Passwords passwords, SessionProperties properties) {
		this.failures = failures;
		this.accounts = accounts;
		this.passwords = passwords;
		this.properties = properties;
	}

	/**
	 * Checks a password, in the same steps whether there is such an account or not.
	 * @param email as it was typed; what cannot be an address is no account
	 * @param address where the request comes from
	 */
	public LogIn check(String email, String password, String address) {
		return EmailAddress.of(email)
			.map((readable) -> check(readable, password, address))
			.orElseGet(BadCredentials::new);
	}

	private LogIn check(EmailAddress email, String password, String address) {
		Optional<Duration> wait = this.failures.countAttempt(email, address);
		if (wait.isPresent()) {
			return new Throttled(this.properties.maxFailures(), wait.get());
		}
		Optional<Credentials> credentials = this.accounts.credentials(email);
		if (!matches(password, credentials, email, address)) {
			return new BadCredentials();
		}
		this.failures.forget(email, address);
		return new LoggedIn(credentials.orElseThrow().userId());
	}

	/**
	 * What cannot be checked is no failure: a flood of others must not count against
	 * anybody.
	 */
	private boolean matches(String password, Optional<Credentials> credentials, EmailAddress email, String address) {
		try {
			return this.passwords.matches(password, credentials.map(Credentials::passwordHash).orElse(null));
		}
		catch (RuntimeException ex) {
			this.failures.takeBack(email, address);
			throw ex;
		}
	}

}
