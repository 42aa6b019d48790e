package dev.sagamart.users.mail;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.encryption.PersonalData;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Limits the mails to an address within an hour. The limit belongs to the address and not
 * to the account, so erasing an account and making it again does not help. A mail counts
 * once, from its last attempt on.
 */
@Repository
class MailLimit {

	private static final Duration WINDOW = Duration.ofHours(1);

	private final JdbcClient jdbc;

	private final OldRows old;

	private final PersonalData personalData;

	private final MailProperties properties;

	private final Clock clock;

	MailLimit(JdbcTemplate jdbc, PersonalData personalData, MailProperties properties, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "mail_sent", "at");
		this.personalData = personalData;
		this.properties = properties;
		this.clock = clock;
	}

	/** Whether a mail may be sent now; if so, it is counted. */
	@Transactional
	boolean allows(UUID mailId, Draft draft) {
		byte[] recipient = this.personalData.fingerprint(draft.to().key());
		Instant now = this.clock.instant();
		this.jdbc.sql("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(encode(?, 'hex'), 0))")
			.param(recipient)
			.query(Integer.class)
			.single();
		return this.jdbc.sql("""
				INSERT INTO mail_sent AS m (recipient, mail_id, allowance, at)
				SELECT :recipient, :id, :allowance, :now
				WHERE (SELECT count(*) FROM mail_sent WHERE recipient = :recipient AND allowance = :allowance
					AND at > :since AND mail_id <> :id) < :limit
				ON CONFLICT (recipient, mail_id) DO UPDATE SET at = excluded.at""")
			.param("recipient", recipient)
			.param("id", mailId)
			.param("allowance", draft.allowance().name())
			.param("now", now.atOffset(ZoneOffset.UTC))
			.param("since", now.minus(WINDOW).atOffset(ZoneOffset.UTC))
			.param("limit", limit(draft.allowance()))
			.update() == 1;
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

}
