package dev.sagamart.users.session;

import dev.sagamart.users.secondfactor.SecondFactor;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.secondfactor.SecondFactors;
import dev.sagamart.users.session.LogIn.Activation;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.ByCode;
import dev.sagamart.users.session.LogIn.ByPassword;
import dev.sagamart.users.session.LogIn.Enrolled;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.SecondFactorRequired;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.LogIn.WrongCode;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Checks passwords and codes, for the API and for the login page. A log-in needs the
 * password, and a code if the user has a second factor. As long as the password is wrong,
 * no answer depends on whether the user has one.
 * <p>
 * The second factor is read after the password and the generation of tokens, and an
 * enrolment begins a new generation. So a password that was given before the enrolment
 * cannot begin a session without a code afterwards.
 * <p>
 * Wrong codes count for the account, from any address: an attempt needs the password or a
 * session of the user, so strangers cannot lock out a user, and more addresses do not
 * allow more attempts. The limit is that of wrong passwords from one address.
 */
@Service
public class LogInCheck {

	/** Wrong codes are counted under this name instead of an address. */
	private static final String ANYWHERE = "anywhere";

	private final FailedLogins failures;

	private final Accounts accounts;

	private final SecondFactors factors;

	private final Clock clock;

	LogInCheck(FailedLogins failures, Accounts accounts, SecondFactors factors, Clock clock) {
		this.failures = failures;
		this.accounts = accounts;
		this.factors = factors;
		this.clock = clock;
	}

	/**
	 * Checks a log-in.
	 * @param email as it was typed; a text that is not an address has no account
	 * @param code as it was typed, or {@code null}; it does not matter for users without
	 * a second factor
	 * @param address where the request comes from
	 */
	public LogIn check(String email, String password, @Nullable String code, String address) {
		LogIn byPassword = EmailAddress.of(email)
			.map((readable) -> checkPassword(readable, password, address))
			.orElseGet(BadCredentials::new);
		if (!(byPassword instanceof LoggedIn loggedIn) || this.factors.find(loggedIn.userId()).isEmpty()) {
			return byPassword;
		}
		return (code != null && !code.isBlank()) ? checkCode(loggedIn, code) : new SecondFactorRequired();
	}

	/**
	 * Checks a password, with the same steps whether there is such an account or not. A
	 * password that is not checked because of overload does not count as a failure.
	 * @param address where the request comes from
	 */
	public ByPassword checkPassword(EmailAddress email, String password, String address) {
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

	/** Forgets the wrong passwords of an account that has a new one. */
	public void forget(EmailAddress email) {
		this.failures.forget(email.key());
	}

	/**
	 * Checks and uses a code after the password was right. The user is locked meanwhile,
	 * so codes are checked one after the other, and a code is used only if the log-in
	 * succeeds.
	 */
	public ByCode checkCode(LoggedIn loggedIn, String code) {
		String account = account(loggedIn.userId());
		return this.accounts
			.holding(loggedIn.userId(),
					(user) -> this.failures.throttled(account, ANYWHERE)
						.<ByCode>map((throttled) -> throttled)
						.orElseGet(() -> checkCode(loggedIn, account, code)))
			.orElseGet(WrongCode::new);
	}

	private ByCode checkCode(LoggedIn loggedIn, String account, String code) {
		if (!this.factors.accept(loggedIn.userId(), code)) {
			return this.failures.failed(account, ANYWHERE).<ByCode>map((late) -> late).orElseGet(WrongCode::new);
		}
		this.failures.forget(account);
		return loggedIn;
	}

	/**
	 * Puts the waiting secret of the user into effect. The user is locked meanwhile, so
	 * codes are checked one after the other. Wrong codes count only while a secret waits.
	 * @return empty if the user was erased or must not log in
	 */
	public Optional<Activation> confirmCode(UUID userId, String code) {
		return this.accounts.holding(userId, (user) -> {
			Optional<SecondFactor> waiting = this.factors.findWaiting(userId);
			if (waiting.isEmpty()) {
				return new WrongCode();
			}
			String account = account(userId);
			return this.failures.throttled(account, ANYWHERE)
				.<Activation>map((throttled) -> throttled)
				.or(() -> this.factors.confirm(user, waiting.get(), code).map(Enrolled::new))
				.or(() -> this.failures.failed(account, ANYWHERE))
				.orElseGet(WrongCode::new);
		});
	}

	/** Wrong codes do not count for the next second factor. */
	@EventListener
	void forget(SecondFactorChanged changed) {
		this.failures.forget(account(changed.user().id()));
	}

	@EventListener
	void forget(AccountErased erased) {
		this.failures.forget(account(erased.user().id()));
	}

	/** It cannot be an email address. */
	private static String account(UUID userId) {
		return "second factor " + userId;
	}

}
