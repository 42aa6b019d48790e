package dev.sagamart.users.email;

import dev.sagamart.users.email.AccountMail.Kind;
import dev.sagamart.users.email.Confirmation.Confirmed;
import dev.sagamart.users.email.Confirmation.EmailTaken;
import dev.sagamart.users.email.Confirmation.Invalid;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.user.AccountRegistered;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** Confirms addresses, the first one of an account and those that take its place. */
@Service
public class EmailAddresses {

	private final AccountMails mails;

	private final Accounts accounts;

	EmailAddresses(AccountMails mails, Accounts accounts) {
		this.mails = mails;
		this.accounts = accounts;
	}

	@EventListener
	void confirm(AccountRegistered registered) {
		this.mails.want(Kind.CONFIRMATION, registered.userId(), registered.email());
	}

	/**
	 * Asks at an address whether it is the user's, and tells the one that they have now.
	 * Nothing else changes. Whether somebody else has the address makes no difference
	 * here. The user's own address is asked once more.
	 * @param tokenGeneration that was read with the password that they gave
	 * @return {@code false}, with nothing done, if the user was erased or has another
	 * password since
	 */
	public boolean change(UUID userId, EmailAddress email, long tokenGeneration) {
		return this.accounts.holding(userId, tokenGeneration, (user) -> {
			EmailAddress before = EmailAddress.of(user.email()).orElseThrow();
			this.mails.want(Kind.CONFIRMATION, userId, email);
			if (user.emailConfirmed() && !before.key().equals(email.key())) {
				this.mails.want(Kind.EMAIL_CHANGE, userId, before);
			}
			return true;
		}).orElse(false);
	}

	/** Gives a user the address that a token was mailed to. */
	public Confirmation confirm(String token) {
		try {
			return this.mails.find(Kind.CONFIRMATION, token)
				.map(AccountMail::userId)
				.flatMap((userId) -> this.accounts.holding(userId, (user) -> confirm(user, token)))
				.orElseGet(Invalid::new);
		}
		catch (DuplicateKeyException _) {
			// somebody else has got it at the same moment
			return new EmailTaken();
		}
	}

	/** What was asked for without the second factor, or by whoever had it before. */
	@EventListener
	void takeBack(SecondFactorChanged changed) {
		this.mails.removeChanges(changed.user().id(), EmailAddress.of(changed.user().email()).orElseThrow());
	}

	private Confirmation confirm(User user, String token) {
		Optional<EmailAddress> email = this.mails.find(Kind.CONFIRMATION, token)
			.filter((mail) -> this.mails.take(Kind.CONFIRMATION, token))
			.map(AccountMail::email);
		if (email.isEmpty()) {
			return new Invalid();
		}
		if (!this.accounts.confirmEmail(user, email.get())) {
			return new EmailTaken();
		}
		EmailAddress before = EmailAddress.of(user.email()).orElseThrow();
		if (!before.key().equals(email.get().key())) {
			this.mails.removeTokens(user.id(), before);
		}
		return new Confirmed(user.id());
	}

}
