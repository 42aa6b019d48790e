package dev.sagamart.users.session;

import dev.sagamart.users.secondfactor.SecondFactors;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.ByPassword;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.SecondFactorRequired;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The one place where passwords are checked, and where it is decided who is logged in,
 * for the API and for the login page: whoever has the password, and a code if they have a
 * second factor. Before the password was right, nothing depends on whether they have one.
 * <p>
 * Whether they have one is read after the password and its generation of tokens, and to
 * enrol begins another generation. So nobody begins a session without a code who gave the
 * password before the user enrolled.
 */
@Service
public class LogInCheck {

	private final FailedLogins failures;

	private final Accounts accounts;

	private final CodeCheck codes;

	private final SecondFactors factors;

	private final Clock clock;

	LogInCheck(FailedLogins failures, Accounts accounts, CodeCheck codes, SecondFactors factors, Clock clock) {
		this.failures = failures;
		this.accounts = accounts;
		this.codes = codes;
		this.factors = factors;
		this.clock = clock;
	}

	/**
	 * Checks what somebody logs in with.
	 * @param email as it was typed
	 * @param code as it was typed, or {@code null}; it does not matter for users without
	 * a second factor
	 * @param address where the request comes from
	 */
	public LogIn check(String email, String password, @Nullable String code, String address) {
		LogIn byPassword = checkPassword(email, password, address);
		if (!(byPassword instanceof LoggedIn loggedIn) || this.factors.find(loggedIn.userId()).isEmpty()) {
			return byPassword;
		}
		return (code != null && !code.isBlank()) ? this.codes.check(loggedIn, code) : new SecondFactorRequired();
	}

	/**
	 * Checks a password, in the same steps whether there is such an account or not.
	 * @param email as it was typed; what cannot be an address is no account
	 * @param address where the request comes from
	 */
	public ByPassword checkPassword(String email, String password, String address) {
		return EmailAddress.of(email)
			.map((readable) -> checkPassword(readable, password, address))
			.orElseGet(BadCredentials::new);
	}

	/** What cannot be checked, because too many others are, is no failure. */
	private ByPassword checkPassword(EmailAddress email, String password, String address) {
		Optional<Throttled> throttled = this.failures.throttled(email.key(), address);
		if (throttled.isPresent()) {
			return throttled.get();
		}
		Instant now = this.clock.instant();
		Optional<User> user = this.accounts.findActive(email, password);
		Optional<Throttled> late = user.isPresent() ? this.failures.succeeded(email.key(), address)
				: this.failures.failed(email.key(), address);
		return late.<ByPassword>map((found) -> found)
			.or(() -> user.map((found) -> new LoggedIn(found.id(), found.tokenGeneration(), now)))
			.orElseGet(BadCredentials::new);
	}

	/** Forgets the wrong passwords of an account that has another one now. */
	public void forget(EmailAddress email) {
		this.failures.forget(email.key());
	}

}
