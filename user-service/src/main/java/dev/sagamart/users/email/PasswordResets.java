package dev.sagamart.users.email;

import dev.sagamart.users.email.AccountMail.Kind;
import dev.sagamart.users.session.LogInCheck;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.Passwords;
import dev.sagamart.users.user.User;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** Password resets by mail. */
@Service
public class PasswordResets {

	private final AccountMails mails;

	private final Accounts accounts;

	private final Passwords passwords;

	private final LogInCheck logInCheck;

	private final Sessions sessions;

	PasswordResets(AccountMails mails, Accounts accounts, Passwords passwords, LogInCheck logInCheck,
			Sessions sessions) {
		this.mails = mails;
		this.accounts = accounts;
		this.passwords = passwords;
		this.logInCheck = logInCheck;
		this.sessions = sessions;
	}

	/** Requests a mail, which is sent if there is such an account. */
	public void ask(EmailAddress email) {
		this.mails.wantReset(email);
	}

	/**
	 * Changes the password, ends all sessions, and cancels all other tokens of the
	 * account. The password is hashed before the transaction begins, and only if the
	 * token is valid.
	 * @return the user; empty if the token is unknown, expired or used
	 */
	public Optional<UUID> reset(String token, String password) {
		Optional<UUID> owner = this.mails.find(Kind.PASSWORD_RESET, token).map(AccountMail::ownerId);
		if (owner.isEmpty()) {
			return owner;
		}
		String passwordHash = this.passwords.hash(password);
		return owner
			.filter((id) -> this.accounts.holding(id, (user) -> reset(user, token, passwordHash)).orElse(false));
	}

	/** The token is still stored, so the address of the user has not changed. */
	private boolean reset(User user, String token, String passwordHash) {
		if (!this.mails.take(Kind.PASSWORD_RESET, token)) {
			return false;
		}
		EmailAddress email = user.email();
		user.changePassword(passwordHash);
		this.accounts.confirmEmail(user, email);
		this.sessions.endAll(user);
		this.logInCheck.forget(email);
		this.mails.removeTokens(user, email);
		this.mails.want(Kind.PASSWORD_CHANGE, user, email);
		return true;
	}

}
