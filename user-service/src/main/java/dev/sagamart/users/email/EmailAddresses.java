package dev.sagamart.users.email;

import dev.sagamart.users.email.AccountMail.Kind;
import dev.sagamart.users.email.EmailAddresses.Confirmation.Confirmed;
import dev.sagamart.users.email.EmailAddresses.Confirmation.EmailTaken;
import dev.sagamart.users.email.EmailAddresses.Confirmation.Invalid;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.user.AccountRegistered;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** Confirms the email addresses of accounts, and changes them. */
@Service
public class EmailAddresses {

	private final AccountMails mails;

	private final Accounts accounts;

	EmailAddresses(AccountMails mails, Accounts accounts) {
		this.mails = mails;
		this.accounts = accounts;
	}

	/** The result of confirming an address. */
	public sealed interface Confirmation {

		record Confirmed(UUID userId) implements Confirmation {
		}

		record EmailTaken() implements Confirmation {
		}

		/** The token is unknown, expired or used. */
		record Invalid() implements Confirmation {
		}

	}

	@EventListener
	void confirm(AccountRegistered registered) {
		this.mails.want(Kind.CONFIRMATION, registered.user(), registered.user().email());
	}

	/**
	 * Sends a confirmation mail to a new address, and a warning to the current one.
	 * Nothing else changes. It makes no difference whether another account has the
	 * address. The current address of the user is only confirmed again.
	 * @param login from the check of the password
	 * @return {@code false}, with nothing done, if the user was erased or has another
	 * password since
	 */
	public boolean change(LoggedIn login, EmailAddress email) {
		return this.accounts.holding(login.userId(), login.tokenGeneration(), (user) -> {
			this.mails.want(Kind.CONFIRMATION, user, email);
			if (user.emailConfirmed() && !user.email().key().equals(email.key())) {
				this.mails.want(Kind.EMAIL_CHANGE, user, user.email());
			}
			return true;
		}).orElse(false);
	}

	public Confirmation confirm(String token) {
		try {
			return this.mails.find(Kind.CONFIRMATION, token)
				.map(AccountMail::userId)
				.flatMap((userId) -> this.accounts.holding(userId, (user) -> confirm(user, token)))
				.orElseGet(Invalid::new);
		}
		catch (DuplicateKeyException _) {
			// another account got the address at the same moment
			return new EmailTaken();
		}
	}

	private Confirmation confirm(User user, String token) {
		Optional<EmailAddress> email = this.mails.find(Kind.CONFIRMATION, token)
			.filter((mail) -> this.mails.take(Kind.CONFIRMATION, token))
			.map(AccountMail::email);
		if (email.isEmpty()) {
			return new Invalid();
		}
		EmailAddress before = user.email();
		if (!this.accounts.confirmEmail(user, email.get())) {
			return new EmailTaken();
		}
		if (!before.key().equals(email.get().key())) {
			this.mails.removeTokens(user, before);
		}
		return new Confirmed(user.id());
	}

	/**
	 * Cancels changes of the address that were requested before the second factor
	 * changed, and sends a mail about that change if the address of the user is
	 * confirmed.
	 */
	@EventListener
	void takeBack(SecondFactorChanged changed) {
		User user = changed.user();
		this.mails.removeChanges(user);
		if (user.emailConfirmed()) {
			this.mails.want(changed.enrolled() ? Kind.SECOND_FACTOR_ADDED : Kind.SECOND_FACTOR_REMOVED, user,
					user.email());
		}
	}

}
