package dev.sagamart.users.email;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.email.AccountMail.Kind;
import dev.sagamart.users.encryption.Digests;
import dev.sagamart.users.encryption.PersonalData;
import dev.sagamart.users.mail.MailServer;
import dev.sagamart.users.session.OpaqueTokens;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.EmailAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/**
 * Mails about accounts, and the tokens in them. A token is made when its mail is sent and
 * lies nowhere but in the mail; here is its hash. There is one mail of each kind for each
 * user: a newer one takes the place of the older.
 * <p>
 * Whether somebody has an account is not looked up before a reset is sent, so whoever
 * asks for one cannot tell it from how long the answer takes.
 */
@Repository
class AccountMails {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final String SELECT = "SELECT m.id, m.kind, m.user_id, m.email, u.id AS owner_id"
			+ " FROM account_mail m LEFT JOIN app_user u ON u.email_key = m.email_key WHERE ";

	private final JdbcClient jdbc;

	private final OldRows old;

	private final PersonalData personalData;

	private final MailServer mailServer;

	private final AccountMailProperties properties;

	private final Clock clock;

	AccountMails(JdbcTemplate jdbc, PersonalData personalData, MailServer mailServer, AccountMailProperties properties,
			Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "account_mail", "wanted_at");
		this.personalData = personalData;
		this.mailServer = mailServer;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Notes that a user is to get a mail, in the current transaction, which has the user
	 * locked. A token that was mailed before stays good only for the same address.
	 */
	void want(Kind kind, UUID userId, EmailAddress email) {
		if (this.mailServer.isThere()) {
			this.jdbc
				.sql("INSERT INTO account_mail AS m (id, kind, user_id, email, email_key, wanted_at, status, due_at)"
						+ " VALUES (:id, :kind, :userId, :email, :emailKey, :now, 'PENDING', now())"
						+ " ON CONFLICT (user_id, kind) DO UPDATE SET id = excluded.id, email = excluded.email,"
						+ " email_key = excluded.email_key, wanted_at = excluded.wanted_at, status = 'PENDING',"
						+ " due_at = excluded.due_at, sent_at = NULL, attempts = 0,"
						+ " token_hash = CASE WHEN m.email_key = excluded.email_key THEN m.token_hash END,"
						+ " token_expires_at = CASE WHEN m.email_key = excluded.email_key THEN m.token_expires_at END")
				.param("id", IDS.generate())
				.param("kind", kind.name())
				.param("userId", userId)
				.param("email", this.personalData.encrypt(email.text(), purpose(userId)))
				.param("emailKey", fingerprint(email))
				.param("now", utc(this.clock.instant()))
				.update();
		}
	}

	/**
	 * Notes that somebody wants to choose a new password, whether there is such an
	 * account or not. A token that was mailed before stays good until the new one is.
	 */
	void wantReset(EmailAddress email) {
		if (this.mailServer.isThere()) {
			this.jdbc
				.sql("INSERT INTO account_mail (id, kind, email_key, wanted_at, status, due_at)"
						+ " VALUES (:id, 'PASSWORD_RESET', :emailKey, :now, 'PENDING', now())"
						+ " ON CONFLICT (email_key) WHERE kind = 'PASSWORD_RESET' DO UPDATE SET id = excluded.id,"
						+ " wanted_at = excluded.wanted_at, status = 'PENDING', due_at = excluded.due_at,"
						+ " sent_at = NULL, attempts = 0")
				.param("id", IDS.generate())
				.param("emailKey", fingerprint(email))
				.param("now", utc(this.clock.instant()))
				.update();
		}
	}

	Optional<AccountMail> find(UUID id) {
		return this.jdbc.sql(SELECT + "m.id = ?").param(id).query(this::map).optional();
	}

	/** Finds the mail that a token came with, if it can still be used. */
	Optional<AccountMail> find(Kind kind, String token) {
		return this.jdbc.sql(SELECT + "m.token_hash = ? AND m.kind = ? AND m.token_expires_at > ?")
			.params(Digests.sha256(token), kind.name(), utc(this.clock.instant()))
			.query(this::map)
			.optional();
	}

	/** Makes the token of a mail that is sent now, in place of the one before. */
	String issueToken(AccountMail mail) {
		String token = OpaqueTokens.make();
		Duration life = (mail.kind() == Kind.CONFIRMATION) ? this.properties.confirmationLife()
				: this.properties.resetLife();
		this.jdbc.sql("UPDATE account_mail SET token_hash = ?, token_expires_at = ? WHERE id = ?")
			.params(Digests.sha256(token), utc(this.clock.instant().plus(life)), mail.id())
			.update();
		return token;
	}

	/** Uses up a token; of several who come with the same one, one does. */
	boolean take(Kind kind, String token) {
		return this.jdbc.sql("DELETE FROM account_mail WHERE token_hash = ? AND kind = ? AND token_expires_at > ?")
			.params(Digests.sha256(token), kind.name(), utc(this.clock.instant()))
			.update() == 1;
	}

	/** Takes back what would change a user's address or the password. */
	void removeTokens(UUID userId, EmailAddress email) {
		this.jdbc.sql("DELETE FROM account_mail WHERE user_id = ? AND kind = 'CONFIRMATION'").param(userId).update();
		this.jdbc.sql("DELETE FROM account_mail WHERE email_key = ? AND kind = 'PASSWORD_RESET'")
			.param(fingerprint(email))
			.update();
	}

	/** Takes back what would give a user another address than the one that they have. */
	void removeChanges(UUID userId, EmailAddress email) {
		this.jdbc.sql("DELETE FROM account_mail WHERE user_id = ? AND kind = 'CONFIRMATION' AND email_key <> ?")
			.params(userId, fingerprint(email))
			.update();
	}

	@EventListener
	void forget(AccountErased erased) {
		removeTokens(erased.userId(), erased.email());
		this.jdbc.sql("DELETE FROM account_mail WHERE user_id = ?").param(erased.userId()).update();
	}

	/**
	 * Removes what has had its time. An hour and a day are long enough to send it, and
	 * then its token has its life.
	 */
	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		Duration life = this.properties.confirmationLife().plus(this.properties.resetLife()).plus(Duration.ofDays(1));
		this.old.removeUntil(this.clock.instant().minus(life));
	}

	private AccountMail map(ResultSet row, int index) throws SQLException {
		UUID userId = row.getObject("user_id", UUID.class);
		return new AccountMail(row.getObject("id", UUID.class), Kind.valueOf(row.getString("kind")), userId,
				email(row.getBytes("email"), userId), row.getObject("owner_id", UUID.class));
	}

	private @Nullable EmailAddress email(byte @Nullable [] encrypted, UUID userId) {
		return (encrypted != null)
				? EmailAddress.of(this.personalData.decrypt(encrypted, purpose(userId))).orElseThrow() : null;
	}

	private byte[] fingerprint(EmailAddress email) {
		return this.personalData.fingerprint(email.key());
	}

	private static String purpose(UUID userId) {
		return "mailed email of " + userId;
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

}
