package dev.sagamart.users.email;

import dev.sagamart.platform.Digests;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.email.AccountMail.Kind;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Mails about accounts, and the tokens in them: one mail of each kind for each user, and
 * a reset for each address. A token is made when its mail is sent, and only its hash is
 * stored. A newer mail replaces an older one of the same kind.
 * <p>
 * Whether an account exists is checked only when the mail of a reset is sent, so the time
 * of the answer does not reveal it.
 */
@Service
class AccountMails implements MailSource {

	private static final String TABLE = "account_mail";

	/** A mail, with the user who has its address now. */
	private static final String SELECT = "SELECT m.id, m.kind, m.user_id, m.email, u.id AS owner_id"
			+ " FROM account_mail m LEFT JOIN app_user u ON u.email_key = m.email_key WHERE ";

	private static final String HAS_TOKEN = "token_hash = ? AND kind = ? AND token_expires_at > ?";

	private final JdbcClient jdbc;

	private final OldRows old;

	private final Accounts accounts;

	private final PersonalData personalData;

	private final MailServer mailServer;

	private final AccountMailProperties properties;

	private final Clock clock;

	AccountMails(JdbcTemplate jdbc, Accounts accounts, PersonalData personalData, MailServer mailServer,
			AccountMailProperties properties, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, TABLE, "wanted_at");
		this.accounts = accounts;
		this.personalData = personalData;
		this.mailServer = mailServer;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Queues a mail for a user in the current transaction, which has locked the user. A
	 * token that was mailed before remains valid only for the same address.
	 */
	void want(Kind kind, User user, EmailAddress email) {
		if (this.mailServer.isThere()) {
			this.jdbc.sql("""
					INSERT INTO account_mail AS m (id, kind, user_id, email, email_key, wanted_at, status, due_at)
					VALUES (uuidv7(), ?, ?, ?, ?, ?, 'PENDING', now())
					ON CONFLICT (user_id, kind) DO UPDATE SET id = excluded.id, email = excluded.email,
						email_key = excluded.email_key, wanted_at = excluded.wanted_at, status = 'PENDING',
						due_at = excluded.due_at, sent_at = NULL, attempts = 0,
						token_hash = CASE WHEN m.email_key = excluded.email_key THEN m.token_hash END,
						token_expires_at = CASE WHEN m.email_key = excluded.email_key THEN m.token_expires_at END""")
				.params(kind.name(), user.id(), this.personalData.encrypt(email.text(), purpose(user.id())),
						fingerprint(email), now())
				.update();
		}
	}

	/**
	 * Queues the mail of a password reset, whether there is such an account or not. A
	 * token that was mailed before remains valid until the new one is sent.
	 */
	void wantReset(EmailAddress email) {
		if (this.mailServer.isThere()) {
			this.jdbc.sql("""
					INSERT INTO account_mail (id, kind, email_key, wanted_at, status, due_at)
					VALUES (uuidv7(), 'PASSWORD_RESET', ?, ?, 'PENDING', now())
					ON CONFLICT (email_key) WHERE kind = 'PASSWORD_RESET' DO UPDATE SET id = excluded.id,
						wanted_at = excluded.wanted_at, status = 'PENDING', due_at = excluded.due_at,
						sent_at = NULL, attempts = 0""").params(fingerprint(email), now()).update();
		}
	}

	/** Finds the mail of a token that is still valid. */
	Optional<AccountMail> find(Kind kind, String token) {
		return withToken(SELECT + HAS_TOKEN, kind, token).query(this::mail).optional();
	}

	/** Uses a token. Of several concurrent calls with the same token, one succeeds. */
	boolean take(Kind kind, String token) {
		return withToken("DELETE FROM account_mail WHERE " + HAS_TOKEN, kind, token).update() == 1;
	}

	private StatementSpec withToken(String sql, Kind kind, String token) {
		return this.jdbc.sql(sql).params(Digests.sha256(token), kind.name(), now());
	}

	/** Cancels the tokens that could change the address or the password of a user. */
	void removeTokens(User user, EmailAddress email) {
		remove("user_id = ? AND kind = 'CONFIRMATION' OR email_key = ? AND kind = 'PASSWORD_RESET'", user, email);
	}

	/** Cancels the tokens that could change the address of a user. */
	void removeChanges(User user) {
		remove("user_id = ? AND kind = 'CONFIRMATION' AND email_key <> ?", user, user.email());
	}

	@EventListener
	void forget(AccountErased erased) {
		remove("user_id = ? OR email_key = ? AND kind = 'PASSWORD_RESET'", erased.user(), erased.email());
	}

	private void remove(String which, User user, EmailAddress email) {
		this.jdbc.sql("DELETE FROM account_mail WHERE " + which).params(user.id(), fingerprint(email)).update();
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
		return TABLE;
	}

	@Override
	public Optional<Draft> draft(UUID id) {
		return this.jdbc.sql(SELECT + "m.id = ?")
			.param(id)
			.query(this::mail)
			.optional()
			.flatMap((mail) -> switch (mail.kind()) {
				case CONFIRMATION -> confirmation(mail);
				case PASSWORD_RESET -> passwordReset(mail);
				case EMAIL_CHANGE, PASSWORD_CHANGE, SECOND_FACTOR_ADDED, SECOND_FACTOR_REMOVED -> warning(mail);
			});
	}

	private AccountMail mail(ResultSet row, int index) throws SQLException {
		UUID userId = row.getObject("user_id", UUID.class);
		byte[] email = row.getBytes("email");
		return new AccountMail(
				row.getObject("id", UUID.class), Kind.valueOf(row.getString("kind")), userId, (email != null)
						? EmailAddress.of(this.personalData.decrypt(email, purpose(userId))).orElseThrow() : null,
				row.getObject("owner_id", UUID.class));
	}

	private static Optional<Draft> warning(AccountMail mail) {
		return Optional.of(new Draft(Objects.requireNonNull(mail.email()), Allowance.WARNINGS,
				() -> MailText.of(mail.kind(), "")));
	}

	/**
	 * Nothing is sent to the address of another account: its owner need not know what
	 * others try.
	 */
	private Optional<Draft> confirmation(AccountMail mail) {
		boolean others = mail.ownerId() != null && !mail.ownerId().equals(mail.userId());
		return others ? Optional.empty() : Optional.of(new Draft(Objects.requireNonNull(mail.email()), Allowance.TOKENS,
				() -> withToken(mail, "confirm-email", this.properties.confirmationLife())));
	}

	/**
	 * The recipient is the address as stored in the account, not as it was typed in the
	 * request. It need not be confirmed, because using the token confirms it.
	 */
	private Optional<Draft> passwordReset(AccountMail mail) {
		return Optional.ofNullable(mail.ownerId())
			.flatMap(this.accounts::findActive)
			.map((owner) -> new Draft(owner.email(), Allowance.TOKENS,
					() -> withToken(mail, "reset-password", this.properties.resetLife())));
	}

	/**
	 * Makes the token of a mail that is being sent. It replaces the previous one. The
	 * link has the token after a "#", which browsers send to no server.
	 */
	private MailText withToken(AccountMail mail, String page, Duration life) {
		String token = OpaqueTokens.make();
		this.jdbc.sql("UPDATE account_mail SET token_hash = ?, token_expires_at = ? WHERE id = ?")
			.params(Digests.sha256(token), Timestamp.from(this.clock.instant().plus(life)), mail.id())
			.update();
		String shop = this.properties.shop().toString();
		return MailText.of(mail.kind(), "", (shop.endsWith("/") ? shop : shop + "/") + page + "#token=" + token, token);
	}

	private Timestamp now() {
		return Timestamp.from(this.clock.instant());
	}

	private static String purpose(UUID userId) {
		return "mailed email of " + userId;
	}

	private byte[] fingerprint(EmailAddress email) {
		return this.personalData.fingerprint(email.key());
	}

}
