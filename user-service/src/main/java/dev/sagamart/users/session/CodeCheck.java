package dev.sagamart.users.session;

import dev.sagamart.users.secondfactor.SecondFactor;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.secondfactor.SecondFactors;
import dev.sagamart.users.session.Activation.Enrolled;
import dev.sagamart.users.session.Activation.Refused;
import dev.sagamart.users.session.LogIn.ByCode;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.LogIn.WrongCode;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * The one place where codes of second factors are checked. Wrong ones count for the
 * account, wherever they come from: only whoever has the password, or a session of the
 * user, gets to give any, so strangers lock nobody out, and many addresses are no way to
 * more guesses. As many are told to be wrong as passwords are to one address.
 */
@Service
public class CodeCheck {

	/** In place of an address. */
	private static final String ANYWHERE = "anywhere";

	private final FailedLogins failures;

	private final SecondFactors factors;

	private final Accounts accounts;

	CodeCheck(FailedLogins failures, SecondFactors factors, Accounts accounts) {
		this.failures = failures;
		this.factors = factors;
		this.accounts = accounts;
	}

	/**
	 * Checks a code of somebody whose password was right, and uses it up. The user is
	 * locked meanwhile, so codes come one after the other, and none is used up for a
	 * log-in that then is refused because of others.
	 */
	public ByCode check(LoggedIn loggedIn, String code) {
		String account = account(loggedIn.userId());
		return this.accounts
			.holding(loggedIn.userId(),
					(user) -> this.failures.throttled(account, ANYWHERE)
						.<ByCode>map((throttled) -> throttled)
						.orElseGet(() -> check(loggedIn, account, code)))
			.orElseGet(WrongCode::new);
	}

	private ByCode check(LoggedIn loggedIn, String account, String code) {
		if (!this.factors.accept(loggedIn.userId(), code)) {
			return this.failures.failed(account, ANYWHERE).<ByCode>map((late) -> late).orElseGet(WrongCode::new);
		}
		this.failures.forget(account);
		return loggedIn;
	}

	/**
	 * Makes the secret that waits for its first code the user's second factor. The user
	 * is locked meanwhile, so codes come one after the other. They count only while there
	 * is a secret that they could be right for.
	 * @return empty if nobody can be logged in as that user
	 */
	public Optional<Activation> confirm(UUID userId, String code) {
		return this.accounts.holding(userId, (user) -> {
			Optional<SecondFactor> waiting = this.factors.findWaiting(userId);
			if (waiting.isEmpty()) {
				return new Refused();
			}
			String account = account(userId);
			return this.failures.throttled(account, ANYWHERE)
				.<Activation>map((throttled) -> throttled)
				.or(() -> this.factors.confirm(user, waiting.get(), code).map(Enrolled::new))
				.or(() -> this.failures.failed(account, ANYWHERE))
				.orElseGet(Refused::new);
		});
	}

	/** Wrong codes of a second factor say nothing about the next one. */
	@EventListener
	void forget(SecondFactorChanged changed) {
		this.failures.forget(account(changed.user().id()));
	}

	@EventListener
	void forget(AccountErased erased) {
		this.failures.forget(account(erased.user().id()));
	}

	/** No email address looks like that. */
	private static String account(UUID userId) {
		return "second factor " + userId;
	}

}
