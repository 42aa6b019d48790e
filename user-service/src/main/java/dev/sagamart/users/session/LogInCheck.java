package dev.sagamart.users.session;

import dev.sagamart.users.secondfactor.SecondFactors;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.SecondFactorRequired;
import dev.sagamart.users.session.LogIn.Throttled;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The one place where it is decided who is logged in, for the API and for the login page:
 * whoever has the password, and a code if they have a second factor. Before the password
 * was right, nothing depends on whether they have one.
 * <p>
 * Whether they have one is read after the password and its generation of tokens, and to
 * enrol begins another generation. So nobody begins a session without a code who gave the
 * password before the user enrolled.
 */
@Service
public class LogInCheck {

	private final PasswordCheck passwords;

	private final CodeCheck codes;

	private final SecondFactors factors;

	LogInCheck(PasswordCheck passwords, CodeCheck codes, SecondFactors factors) {
		this.passwords = passwords;
		this.codes = codes;
		this.factors = factors;
	}

	/**
	 * Checks what somebody logs in with.
	 * @param email as it was typed
	 * @param code as it was typed, or {@code null}; of whoever has no second factor it is
	 * not looked at
	 * @param address where the request comes from
	 */
	public LogIn check(String email, String password, @Nullable String code, String address) {
		return switch (this.passwords.check(email, password, address)) {
			case LoggedIn loggedIn -> check(loggedIn, code);
			case BadCredentials bad -> bad;
			case Throttled throttled -> throttled;
		};
	}

	private LogIn check(LoggedIn loggedIn, @Nullable String code) {
		if (this.factors.find(loggedIn.userId()).isEmpty()) {
			return loggedIn;
		}
		return (code != null && !code.isBlank()) ? this.codes.check(loggedIn, code) : new SecondFactorRequired();
	}

}
