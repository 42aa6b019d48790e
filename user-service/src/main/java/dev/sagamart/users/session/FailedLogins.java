package dev.sagamart.users.session;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.retention.SurplusRows;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.users.session.LogIn.Throttled;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts failed log-ins for each account and network address, whether the account exists
 * or not. Log-ins from other addresses are not affected, so nobody can lock out a user.
 * The stored rows identify an account only with the key.
 * <p>
 * Concurrent attempts do not get around the limit, although passwords are checked before
 * they are counted: only as many failures are reported as the limit allows, and a right
 * password is accepted only while the limit is not reached. The lock of the row orders
 * the attempts.
 */
@Repository
public class FailedLogins {

	/**
	 * The number of addresses for which failed log-ins to an account are remembered; the
	 * oldest are forgotten first. An attacker with more addresses has that many attempts
	 * anyway.
	 */
	static final int MAX_ADDRESSES = 10_000;

	private static final String RECENT = "SELECT t FROM unnest(f.failures) AS t WHERE t > :windowStart";

	private static final String BELOW_LIMIT = " (SELECT count(*) FROM (" + RECENT + ") AS recent) < :limit";

	private static final String FROM_THERE = " f.account = :account AND f.address = :address";

	private final JdbcClient jdbc;

	private final OldRows old;

	private final SurplusRows surplus;

	private final SessionProperties properties;

	private final PersonalData personalData;

	private final Clock clock;

	FailedLogins(JdbcTemplate jdbc, TransactionTemplate transaction, SessionProperties properties,
			PersonalData personalData, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "failed_login", "since");
		this.surplus = new SurplusRows(jdbc, transaction, "failed_login", "account", "since");
		this.personalData = personalData;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * How long to wait before the next attempt from this address; empty if it can be made
	 * now.
	 * @param account the key of the email address, or another name for what is guessed
	 */
	public Optional<Throttled> throttled(String account, String address) {
		Instant now = this.clock.instant();
		return sql("SELECT min(t) AS oldest FROM failed_login f, unnest(f.failures) AS t WHERE" + FROM_THERE
				+ " AND t > :windowStart HAVING count(*) >= :limit", account, address, now)
			.query((row, index) -> row.getObject("oldest", OffsetDateTime.class).toInstant())
			.optional()
			.map((oldest) -> new Throttled(this.properties.maxFailures(), remaining(oldest, now)));
	}

	/** Another instance may have recorded a time that is later than ours. */
	private Duration remaining(Instant oldest, Instant now) {
		Duration window = this.properties.failureWindow();
		Duration remaining = Duration.between(now, oldest.plus(window));
		return (remaining.compareTo(window) < 0) ? remaining : window;
	}

	/**
	 * Records a failed log-in.
	 * @return present if the limit is exceeded; then the caller must not learn that the
	 * password was wrong
	 */
	public Optional<Throttled> failed(String account, String address) {
		Instant now = this.clock.instant();
		boolean counted = sql(
				"INSERT INTO failed_login AS f (account, address, failures, since)"
						+ " VALUES (:account, :address, ARRAY[:now], :now) ON CONFLICT (account, address) DO UPDATE"
						+ " SET failures = ARRAY(" + RECENT + ") || :now, since = :now WHERE" + BELOW_LIMIT,
				account, address, now)
			.param("now", utc(now))
			.update() == 1;
		return counted ? Optional.empty() : throttled(account, address).or(() -> failed(account, address));
	}

	/**
	 * Records a successful log-in; refuses it if the limit was exceeded meanwhile.
	 */
	Optional<Throttled> succeeded(String account, String address) {
		boolean forgotten = sql("DELETE FROM failed_login f WHERE" + FROM_THERE + " AND" + BELOW_LIMIT, account,
				address, this.clock.instant())
			.update() == 1;
		return forgotten ? Optional.empty() : throttled(account, address);
	}

	private JdbcClient.StatementSpec sql(String sql, String account, String address, Instant now) {
		return this.jdbc.sql(sql)
			.param("account", fingerprint(account))
			.param("address", address)
			.param("windowStart", utc(windowStart(now)))
			.param("limit", this.properties.maxFailures());
	}

	void forget(String account) {
		this.jdbc.sql("DELETE FROM failed_login WHERE account = ?").param(fingerprint(account)).update();
	}

	void removeOld() {
		this.old.removeUntil(windowStart(this.clock.instant()));
		this.surplus.removeBeyond(MAX_ADDRESSES);
	}

	private Instant windowStart(Instant now) {
		return now.minus(this.properties.failureWindow());
	}

	private byte[] fingerprint(String account) {
		return this.personalData.fingerprint(account);
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

}
