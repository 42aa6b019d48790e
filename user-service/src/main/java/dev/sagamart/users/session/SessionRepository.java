package dev.sagamart.users.session;

import dev.sagamart.platform.retention.OldRows;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class SessionRepository {

	private final JdbcClient jdbc;

	private final OldRows expired;

	SessionRepository(JdbcTemplate jdbc) {
		this.jdbc = JdbcClient.create(jdbc);
		this.expired = new OldRows(jdbc, "session", "expires_at");
	}

	/** A session and one of its refresh tokens. */
	record Presented(UUID sessionId, UUID userId, @Nullable String clientId, Set<String> scopes,
			Instant sessionExpiresAt, @Nullable Instant sessionEndedAt, Instant tokenExpiresAt,
			@Nullable Instant tokenUsedAt) {
	}

	/** Begins a session, unless the account has been erased meanwhile. */
	boolean begin(UUID id, UUID userId, Instant expiresAt, @Nullable Grant grant) {
		return this.jdbc
			.sql("INSERT INTO session (id, user_id, expires_at, client_id, scopes)"
					+ " SELECT :id, u.id, :expiresAt, :clientId, string_to_array(:scopes, ' ')"
					+ " FROM app_user u WHERE u.id = :userId AND u.erased_at IS NULL FOR KEY SHARE")
			.param("id", id)
			.param("expiresAt", utc(expiresAt))
			.param("clientId", (grant != null) ? grant.clientId() : null)
			.param("scopes", (grant != null) ? String.join(" ", grant.scopes()) : "")
			.param("userId", userId)
			.update() == 1;
	}

	void addToken(byte[] hash, UUID sessionId, Instant expiresAt) {
		this.jdbc.sql("INSERT INTO refresh_token (hash, session_id, expires_at) VALUES (?, ?, ?)")
			.params(hash, sessionId, utc(expiresAt))
			.update();
	}

	/**
	 * Finds a token and locks its session, so that of two who present the same token at
	 * once the second sees that it is used.
	 */
	Optional<Presented> lock(byte[] hash) {
		Optional<UUID> session = this.jdbc
			.sql("SELECT s.id FROM session s JOIN refresh_token t ON t.session_id = s.id WHERE t.hash = ?"
					+ " FOR UPDATE OF s")
			.param(hash)
			.query(UUID.class)
			.optional();
		return session.flatMap((id) -> this.jdbc.sql(
				"SELECT s.user_id, s.client_id, s.scopes, s.expires_at, s.ended_at, t.expires_at AS token_expires_at, t.used_at"
						+ " FROM session s JOIN refresh_token t ON t.session_id = s.id WHERE t.hash = ?")
			.param(hash)
			.query((row, index) -> new Presented(id, row.getObject("user_id", UUID.class), row.getString("client_id"),
					Set.of((String[]) row.getArray("scopes").getArray()),
					instant(row.getObject("expires_at", OffsetDateTime.class)),
					nullableInstant(row.getObject("ended_at", OffsetDateTime.class)),
					instant(row.getObject("token_expires_at", OffsetDateTime.class)),
					nullableInstant(row.getObject("used_at", OffsetDateTime.class))))
			.optional());
	}

	void markUsed(byte[] hash, Instant at) {
		this.jdbc.sql("UPDATE refresh_token SET used_at = ? WHERE hash = ?").params(utc(at), hash).update();
	}

	void end(UUID sessionId, Instant at) {
		this.jdbc.sql("UPDATE session SET ended_at = coalesce(ended_at, ?) WHERE id = ?")
			.params(utc(at), sessionId)
			.update();
	}

	void removeAll(UUID userId) {
		this.jdbc.sql("DELETE FROM session WHERE user_id = ?").param(userId).update();
	}

	/** Removes sessions that nobody can refresh any more, with their tokens. */
	void removeExpired(Instant now) {
		this.expired.removeUntil(now);
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	private static Instant instant(OffsetDateTime time) {
		return time.toInstant();
	}

	private static @Nullable Instant nullableInstant(@Nullable OffsetDateTime time) {
		return (time != null) ? time.toInstant() : null;
	}

}
