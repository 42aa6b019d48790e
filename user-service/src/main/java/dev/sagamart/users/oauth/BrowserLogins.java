package dev.sagamart.users.oauth;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.session.Digests;
import dev.sagamart.users.session.OpaqueTokens;
import dev.sagamart.users.session.SessionsEnded;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/**
 * Remembers that somebody has given their password, from the login page to the
 * authorization that it was for and not beyond: the next one needs the password again, so
 * nothing is left in a browser that somebody else uses later.
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

	/** Who has logged in, and when. */
	public record BrowserLogin(UUID userId, Instant at) {
	}

	/** Remembers a log-in; returns what the browser shows to go on with it. */
	public String add(UUID userId, Instant authenticatedAt) {
		String token = OpaqueTokens.make();
		this.jdbc.sql("INSERT INTO login (hash, user_id, authenticated_at, expires_at) VALUES (?, ?, ?, ?)")
			.params(Digests.sha256(token), userId, authenticatedAt.atOffset(ZoneOffset.UTC),
					this.clock.instant().plus(LIFE).atOffset(ZoneOffset.UTC))
			.update();
		return token;
	}

	/** Gives a log-in to whoever shows its token first. */
	public Optional<BrowserLogin> take(String token) {
		return this.jdbc
			.sql("DELETE FROM login l USING app_user u WHERE l.hash = ? AND l.expires_at > ? AND u.id = l.user_id"
					+ " AND u.erased_at IS NULL RETURNING l.user_id, l.authenticated_at")
			.params(Digests.sha256(token), this.clock.instant().atOffset(ZoneOffset.UTC))
			.query((row, index) -> new BrowserLogin(row.getObject("user_id", UUID.class),
					row.getObject("authenticated_at", OffsetDateTime.class).toInstant()))
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
