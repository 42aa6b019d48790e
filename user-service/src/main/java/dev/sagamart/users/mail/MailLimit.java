package dev.sagamart.users.mail;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.encryption.PersonalData;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How many mails go to an address within an hour, whosever they are: an account that is
 * erased and made again gets no more. A mail counts once, however often it is tried, and
 * from its last attempt on.
 */
@Repository
class MailLimit {

	private static final Duration WINDOW = Duration.ofHours(1);

	private final JdbcClient jdbc;

	private final OldRows old;

	private final TransactionTemplate transaction;

	private final PersonalData personalData;

	private final MailProperties properties;

	private final Clock clock;

	MailLimit(JdbcTemplate jdbc, TransactionTemplate transaction, PersonalData personalData, MailProperties properties,
			Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "mail_sent", "at");
		this.transaction = transaction;
		this.personalData = personalData;
		this.properties = properties;
		this.clock = clock;
	}

	/** Whether a mail may be sent now; if so, it is counted. */
	boolean allows(UUID mailId, Draft draft) {
		byte[] recipient = this.personalData.fingerprint(draft.to().key());
		Instant now = this.clock.instant();
		return this.transaction.execute((status) -> {
			this.jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(encode(?, 'hex'), 0))")
				.param(recipient)
				.query((row, _) -> true)
				.single();
			return this.jdbc
				.sql("INSERT INTO mail_sent AS m (recipient, mail_id, allowance, at)"
						+ " SELECT :recipient, :id, :allowance, :now WHERE (SELECT count(*) FROM mail_sent"
						+ " WHERE recipient = :recipient AND allowance = :allowance AND at > :since AND mail_id <> :id)"
						+ " < :limit ON CONFLICT (recipient, mail_id) DO UPDATE SET at = excluded.at")
				.param("recipient", recipient)
				.param("id", mailId)
				.param("allowance", draft.allowance().name())
				.param("now", utc(now))
				.param("since", utc(now.minus(WINDOW)))
				.param("limit", limit(draft.allowance()))
				.update() == 1;
		});
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		this.old.removeUntil(this.clock.instant().minus(WINDOW));
	}

	private int limit(Allowance allowance) {
		return switch (allowance) {
			case ORDERS -> this.properties.ordersPerHour();
			case TOKENS -> this.properties.tokensPerHour();
			case WARNINGS -> this.properties.warningsPerHour();
		};
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

}
