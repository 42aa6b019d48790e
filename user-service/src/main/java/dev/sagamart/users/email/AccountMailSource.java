package dev.sagamart.users.email;

import dev.sagamart.users.mail.Allowance;
import dev.sagamart.users.mail.Draft;
import dev.sagamart.users.mail.MailSource;
import dev.sagamart.users.mail.MailText;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Writes mails about accounts, and finds out here who gets none. */
@Component
class AccountMailSource implements MailSource {

	private final AccountMails mails;

	private final Accounts accounts;

	private final AccountMailProperties properties;

	AccountMailSource(AccountMails mails, Accounts accounts, AccountMailProperties properties) {
		this.mails = mails;
		this.accounts = accounts;
		this.properties = properties;
	}

	@Override
	public String table() {
		return "account_mail";
	}

	@Override
	public Optional<Draft> draft(UUID id) {
		return this.mails.find(id).flatMap((mail) -> switch (mail.kind()) {
			case CONFIRMATION -> confirmation(mail);
			case PASSWORD_RESET -> passwordReset(mail);
			case EMAIL_CHANGE -> warning(mail, AccountMailText::emailChange);
			case PASSWORD_CHANGE -> warning(mail, AccountMailText::passwordChange);
			case SECOND_FACTOR_ADDED -> warning(mail, AccountMailText::secondFactorAdded);
			case SECOND_FACTOR_REMOVED -> warning(mail, AccountMailText::secondFactorRemoved);
		});
	}

	private static Optional<Draft> warning(AccountMail mail, Supplier<MailText> text) {
		return Optional.of(new Draft(Objects.requireNonNull(mail.email()), Allowance.WARNINGS, text));
	}

	/**
	 * Nothing goes to an address that somebody else has: whoever has it has confirmed it,
	 * or is asked to, and need not hear of what others try.
	 */
	private Optional<Draft> confirmation(AccountMail mail) {
		boolean others = mail.ownerId() != null && !mail.ownerId().equals(mail.userId());
		return others ? Optional.empty() : Optional.of(new Draft(Objects.requireNonNull(mail.email()), Allowance.TOKENS,
				() -> AccountMailText.confirmation(this.properties.shop(), this.mails.issueToken(mail))));
	}

	/**
	 * Goes to the address as the account has it, and not as somebody has typed it. That
	 * it is not confirmed does not matter: whoever reads the mail confirms it by that.
	 */
	private Optional<Draft> passwordReset(AccountMail mail) {
		return Optional.ofNullable(mail.ownerId())
			.filter((owner) -> this.accounts.standing(owner).isPresent())
			.flatMap(this.accounts::find)
			.flatMap((owner) -> EmailAddress.of(owner.email()))
			.map((email) -> new Draft(email, Allowance.TOKENS,
					() -> AccountMailText.passwordReset(this.properties.shop(), this.mails.issueToken(mail))));
	}

}
