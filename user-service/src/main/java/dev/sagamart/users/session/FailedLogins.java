package dev.sagamart.users.session;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.encryption.PersonalData;
import dev.sagamart.users.user.EmailAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Counts the failed log-ins to an account from an address, whether the account exists or
 * not. Others can log in to it from elsewhere, so nobody can lock anybody out. What is
 * kept does not tell without the key which accounts they were.
 */
@Repository
class FailedLogins {

	private final JdbcClient jdbc;

	private final OldRows old;

	private final SessionProperties properties;

	private final PersonalData personalData;

	private final Clock clock;

	FailedLogins(JdbcTemplate jdbc, SessionProperties properties, PersonalData personalData, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "failed_login", "since");
		this.personalData = personalData;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Counts an attempt as failed before it is made, so that many at once are no way
	 * around the limit.
	 * @return how long to wait, if this one is too many
	 */
	Optional<Duration> countAttempt(EmailAddress email, String address) {
		Instant now = this.clock.instant();
		Instant windowStart = now.minus(this.properties.failureWindow());
		Attempts attempts = this.jdbc
			.sql("INSERT INTO failed_login AS f (account, address, since, attempts)"
					+ " VALUES (:account, :address, :now, 1) ON CONFLICT (account, address) DO UPDATE SET"
					+ " attempts = CASE WHEN f.since < :windowStart THEN 1 ELSE least(f.attempts, 1000000) + 1 END,"
					+ " since = CASE WHEN f.since < :windowStart THEN :now ELSE f.since END"
					+ " RETURNING since, attempts")
			.param("account", account(email))
			.param("address", address)
			.param("now", now.atOffset(ZoneOffset.UTC))
			.param("windowStart", windowStart.atOffset(ZoneOffset.UTC))
			.query((row, index) -> new Attempts(row.getObject("since", OffsetDateTime.class).toInstant(),
					row.getInt("attempts")))
			.single();
		if (attempts.count() <= this.properties.maxFailures()) {
			return Optional.empty();
		}
		return Optional.of(Duration.between(windowStart, attempts.since()));
	}

	/** The attempt was not made after all. */
	void takeBack(EmailAddress email, String address) {
		this.jdbc.sql("UPDATE failed_login SET attempts = attempts - 1 WHERE account = ? AND address = ?")
			.params(account(email), address)
			.update();
	}

	/** A log-in from there has succeeded. */
	void forget(EmailAddress email, String address) {
		this.jdbc.sql("DELETE FROM failed_login WHERE account = ? AND address = ?")
			.params(account(email), address)
			.update();
	}

	void forget(EmailAddress email) {
		this.jdbc.sql("DELETE FROM failed_login WHERE account = ?").param(account(email)).update();
	}

	void removeOld() {
		this.old.removeUntil(this.clock.instant().minus(this.properties.failureWindow()));
	}

	private byte[] account(EmailAddress email) {
		return this.personalData.fingerprint(email.key());
	}

	private record Attempts(Instant since, int count) {
	}

}
