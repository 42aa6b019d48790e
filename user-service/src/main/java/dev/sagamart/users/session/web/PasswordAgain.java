package dev.sagamart.users.session.web;

import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.LogInCheck;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Checks the password of the caller again, for operations that need more than an access
 * token.
 */
@Component
public class PasswordAgain {

	private final Accounts accounts;

	private final LogInCheck passwords;

	private final ClientAddresses addresses;

	PasswordAgain(Accounts accounts, LogInCheck passwords, ClientAddresses addresses) {
		this.accounts = accounts;
		this.passwords = passwords;
		this.addresses = addresses;
	}

	/**
	 * Checks the caller's own password. Wrong ones count as failed log-ins.
	 * @throws ProblemException if it is wrong, if there were too many failures, or if the
	 * caller must not log in now
	 */
	public LoggedIn check(Caller caller, String password, HttpServletRequest request) {
		User user = this.accounts.find(caller.userId()).orElseThrow(ProblemException::invalidToken);
		return switch (this.passwords.checkPassword(user.email(), password, this.addresses.of(request))) {
			case LoggedIn loggedIn -> loggedIn;
			case BadCredentials _ ->
				throw ProblemException.of(HttpStatus.UNAUTHORIZED, "BAD_CREDENTIALS", "The password is wrong.");
			case Throttled throttled -> throw LogInProblems.tooMany(throttled);
		};
	}

}
