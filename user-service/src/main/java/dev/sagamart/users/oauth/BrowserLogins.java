package dev.sagamart.users.oauth;

import dev.sagamart.platform.Digests;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.OpaqueTokens;
import dev.sagamart.users.session.SessionsEnded;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/**
 * Remembers a log-in from the login page to the authorization that it was for. The next
 * authorization needs the password again, so that nothing stays in a shared browser.
 */
@Repository
public class BrowserLogins {

	public static final Duration LIFE = Duration.ofMinutes(1);

	private final JdbcClient jdbc;

	private final OldRows expired;

	private final Clock clock;

	BrowserLogins(JdbcTemplate jdbc, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.expired = new OldRows(jdbc, "login", "expires_at");
		this.clock = clock;
	}

	/** Stores a log-in and returns its token for the cookie. */
	public String add(LoggedIn login) {
		String token = OpaqueTokens.make();
		this.jdbc
			.sql("INSERT INTO login (hash, user_id, token_generation, authenticated_at, expires_at)"
					+ " VALUES (?, ?, ?, ?, ?)")
			.params(Digests.sha256(token), login.userId(), login.tokenGeneration(), login.at().atOffset(ZoneOffset.UTC),
					this.clock.instant().plus(LIFE).atOffset(ZoneOffset.UTC))
			.update();
		return token;
	}

	/**
	 * Returns the log-in of a token to the first request that presents it, unless a new
	 * generation of the user's tokens has begun since. Log-ins of the previous version
	 * have no generation and are never returned.
	 */
	public Optional<LoggedIn> take(String token) {
		return this.jdbc
			.sql("DELETE FROM login l USING app_user u WHERE l.hash = ? AND l.expires_at > ? AND u.id = l.user_id"
					+ " AND u.erased_at IS NULL AND u.token_generation = l.token_generation"
					+ " RETURNING l.user_id, l.token_generation, l.authenticated_at AS at")
			.params(Digests.sha256(token), this.clock.instant().atOffset(ZoneOffset.UTC))
			.query(LoggedIn.class)
			.optional();
	}

	@EventListener
	void forget(SessionsEnded ended) {
		this.jdbc.sql("DELETE FROM login WHERE user_id = ?").param(ended.userId()).update();
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeExpired() {
		this.expired.removeUntil(this.clock.instant());
	}

}
