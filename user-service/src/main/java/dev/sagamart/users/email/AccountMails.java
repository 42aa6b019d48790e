package dev.sagamart.users.email;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.email.AccountMail.Kind;
import dev.sagamart.platform.encryption.Digests;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.users.mail.Allowance;
import dev.sagamart.users.mail.Draft;
import dev.sagamart.users.mail.MailServer;
import dev.sagamart.users.mail.MailSource;
import dev.sagamart.users.mail.MailText;
import dev.sagamart.users.session.OpaqueTokens;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Mails about accounts, and the tokens in them. A token is made when its mail is sent,
 * and only its hash is stored. A newer mail replaces an older one of the same kind.
 * <p>
 * Whether an account exists is checked only when the mail of a reset is sent, so the time
 * of the answer does not reveal it.
 */
@Service
class AccountMails implements MailSource {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final StoredMails mails;

	private final OldRows old;

	private final Accounts accounts;

	private final PersonalData personalData;

	private final MailServer mailServer;

	private final AccountMailProperties properties;

	private final Clock clock;

	AccountMails(StoredMails mails, JdbcTemplate jdbc, Accounts accounts, PersonalData personalData,
			MailServer mailServer, AccountMailProperties properties, Clock clock) {
		this.mails = mails;
		this.old = new OldRows(jdbc, "account_mail", "wanted_at");
		this.accounts = accounts;
		this.personalData = personalData;
		this.mailServer = mailServer;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Queues a mail for a user in the current transaction, which has locked the user.
	 */
	void want(Kind kind, User user, EmailAddress email) {
		if (this.mailServer.isThere()) {
			this.mails.want(IDS.generate(), kind.name(), user.id(),
					this.personalData.encrypt(email.text(), AccountMail.purpose(user.id())), fingerprint(email),
					this.clock.instant());
		}
	}

	/**
	 * Queues the mail of a password reset, whether there is such an account or not.
	 */
	void wantReset(EmailAddress email) {
		if (this.mailServer.isThere()) {
			this.mails.wantReset(IDS.generate(), fingerprint(email), this.clock.instant());
		}
	}

	/** Finds the mail of a token that is still valid. */
	Optional<AccountMail> find(Kind kind, String token) {
		return this.mails.find(Digests.sha256(token), kind, this.clock.instant());
	}

	/** Uses a token. Of several concurrent calls with the same token, one succeeds. */
	boolean take(Kind kind, String token) {
		return this.mails.take(Digests.sha256(token), kind, this.clock.instant()) == 1;
	}

	/** Cancels the tokens that could change the address or the password of a user. */
	void removeTokens(User user, EmailAddress email) {
		this.mails.removeTokens(user.id(), fingerprint(email));
	}

	/** Cancels the tokens that could change the address of a user. */
	void removeChanges(User user) {
		this.mails.removeChanges(user.id(), fingerprint(user.email()));
	}

	@EventListener
	void forget(AccountErased erased) {
		this.mails.removeAll(erased.user().id(), fingerprint(erased.email()));
	}

	/**
	 * Removes mails a day after they were queued, or when their token has expired.
	 */
	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		Duration life = this.properties.confirmationLife().plus(this.properties.resetLife()).plus(Duration.ofDays(1));
		this.old.removeUntil(this.clock.instant().minus(life));
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
			case EMAIL_CHANGE -> warning(mail, AccountMailText.emailChange());
			case PASSWORD_CHANGE -> warning(mail, AccountMailText.passwordChange());
			case SECOND_FACTOR_ADDED -> warning(mail, AccountMailText.secondFactorAdded());
			case SECOND_FACTOR_REMOVED -> warning(mail, AccountMailText.secondFactorRemoved());
		});
	}

	private Optional<Draft> warning(AccountMail mail, MailText text) {
		return Optional.of(new Draft(mail.email(this.personalData), Allowance.WARNINGS, () -> text));
	}

	/**
	 * Nothing is sent to the address of another account: its owner need not know what
	 * others try.
	 */
	private Optional<Draft> confirmation(AccountMail mail) {
		boolean others = mail.ownerId() != null && !mail.ownerId().equals(mail.userId());
		return others ? Optional.empty()
				: Optional.of(new Draft(mail.email(this.personalData), Allowance.TOKENS, () -> AccountMailText
					.confirmation(this.properties.shop(), issueToken(mail, this.properties.confirmationLife()))));
	}

	/**
	 * The recipient is the address as stored in the account, not as it was typed in the
	 * request. It need not be confirmed, because using the token confirms it.
	 */
	private Optional<Draft> passwordReset(AccountMail mail) {
		return Optional.ofNullable(mail.ownerId())
			.flatMap(this.accounts::findActive)
			.map((owner) -> new Draft(owner.email(), Allowance.TOKENS, () -> AccountMailText
				.passwordReset(this.properties.shop(), issueToken(mail, this.properties.resetLife()))));
	}

	/** Makes the token of a mail that is being sent. It replaces the previous one. */
	private String issueToken(AccountMail mail, Duration life) {
		String token = OpaqueTokens.make();
		this.mails.issueToken(mail.id(), Digests.sha256(token), this.clock.instant().plus(life));
		return token;
	}

	private byte[] fingerprint(EmailAddress email) {
		return this.personalData.fingerprint(email.key());
	}

}
