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
 * Knows the failed log-ins to an account from an address, whether the account exists or
 * not. Others can log in to it from elsewhere, so nobody can lock anybody out. What is
 * kept does not tell without the key which accounts they were.
 * <p>
 * Many who try at once are no way around the limit, although passwords are checked before
 * anything is counted: of those that are wrong only as many are told so as the limit
 * allows, and a right one is accepted only while the limit is not reached. The order in
 * which they get to their row decides, as if they had come one after the other.
 */
@Repository
public class FailedLogins {

	/**
	 * The number of addresses for which failed log-ins to an account are remembered; the
	 * oldest are forgotten first. An attacker with more addresses than that has as many
	 * tries anyway.
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
	 * How long to wait until a log-in from there is tried again, if at all.
	 * @param account the key of its email address, or whatever else is guessed at
	 */
	public Optional<Throttled> throttled(String account, String address) {
		Instant now = this.clock.instant();
		return sql("SELECT min(t) AS oldest FROM failed_login f, unnest(f.failures) AS t WHERE" + FROM_THERE
				+ " AND t > :windowStart HAVING count(*) >= :limit", account, address, now)
			.query((row, index) -> row.getObject("oldest", OffsetDateTime.class).toInstant())
			.optional()
			.map((oldest) -> new Throttled(this.properties.maxFailures(), remaining(oldest, now)));
	}

	/** Another instance may just have noted a time that is later than ours. */
	private Duration remaining(Instant oldest, Instant now) {
		Duration window = this.properties.failureWindow();
		Duration remaining = Duration.between(now, oldest.plus(window));
		return (remaining.compareTo(window) < 0) ? remaining : window;
	}

	/**
	 * A log-in from there has failed.
	 * @return whether that was too many, so that nobody must be told that it failed
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
	 * A log-in from there has succeeded, unless there were too many failures meanwhile.
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
