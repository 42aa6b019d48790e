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
			Instant sessionExpiresAt, @Nullable Instant sessionEndedAt, Instant tokenExpiresAt, boolean tokenUsed) {
	}

	/**
	 * Begins a session, unless the account has been erased or another generation of its
	 * tokens has begun meanwhile: that is compared with the row locked, so of whoever
	 * ends all sessions and whoever begins one at the same moment the second sees what
	 * the first has done. Nobody else begins one for that account until the end of the
	 * transaction.
	 */
	boolean begin(UUID id, UUID userId, long tokenGeneration, RefreshToken first, Instant expiresAt,
			@Nullable Grant grant) {
		return this.jdbc
			.sql("INSERT INTO session (id, user_id, family, expires_at, client_id, scopes)"
					+ " SELECT :id, u.id, :family, :expiresAt, :clientId, string_to_array(:scopes, ' ')"
					+ " FROM app_user u WHERE u.id = :userId AND u.erased_at IS NULL"
					+ " AND u.token_generation = :tokenGeneration FOR NO KEY UPDATE")
			.param("id", id)
			.param("family", first.familyHash())
			.param("expiresAt", utc(expiresAt))
			.param("clientId", (grant != null) ? grant.clientId() : null)
			.param("scopes", (grant != null) ? String.join(" ", grant.scopes()) : "")
			.param("userId", userId)
			.param("tokenGeneration", tokenGeneration)
			.update() == 1;
	}

	void addToken(RefreshToken token, UUID sessionId, Instant expiresAt) {
		this.jdbc.sql("INSERT INTO refresh_token (hash, session_id, expires_at) VALUES (?, ?, ?)")
			.params(token.hash(), sessionId, utc(expiresAt))
			.update();
	}

	/**
	 * Finds the session of a token, used or not, and locks it, so that of two who present
	 * the same token at once the second sees that it is used.
	 */
	Optional<Presented> lock(RefreshToken token) {
		Optional<UUID> session = (token.namesItsFamily()
				? this.jdbc.sql("SELECT id FROM session WHERE family = ? FOR UPDATE").param(token.familyHash())
				: this.jdbc
					.sql("SELECT s.id FROM session s JOIN refresh_token t ON t.session_id = s.id WHERE t.hash = ?"
							+ " FOR UPDATE OF s")
					.param(token.hash()))
			.query(UUID.class)
			.optional();
		return session.flatMap((id) -> this.jdbc
			.sql("SELECT s.user_id, s.client_id, s.scopes, s.expires_at, s.ended_at,"
					+ " coalesce(t.expires_at, s.expires_at) AS token_expires_at,"
					+ " t.hash IS NULL OR t.used_at IS NOT NULL AS used"
					+ " FROM session s LEFT JOIN refresh_token t ON t.session_id = s.id AND t.hash = ? WHERE s.id = ?")
			.params(token.hash(), id)
			.query((row, index) -> new Presented(id, row.getObject("user_id", UUID.class), row.getString("client_id"),
					Set.of((String[]) row.getArray("scopes").getArray()),
					instant(row.getObject("expires_at", OffsetDateTime.class)),
					nullableInstant(row.getObject("ended_at", OffsetDateTime.class)),
					instant(row.getObject("token_expires_at", OffsetDateTime.class)), row.getBoolean("used")))
			.optional());
	}

	/**
	 * Takes a token out of use, in favour of the next. One that names its family is known
	 * without being kept.
	 */
	void replace(RefreshToken token, RefreshToken next, UUID sessionId, Instant at) {
		if (token.namesItsFamily()) {
			this.jdbc.sql("DELETE FROM refresh_token WHERE hash = ?").param(token.hash()).update();
		}
		else {
			this.jdbc.sql("UPDATE refresh_token SET used_at = ? WHERE hash = ?").params(utc(at), token.hash()).update();
			this.jdbc.sql("UPDATE session SET family = ? WHERE id = ?")
				.param(next.familyHash())
				.param(sessionId)
				.update();
		}
	}

	/**
	 * Removes those of a user's sessions that are more than so many: first those that
	 * have ended, then those that were not used for the longest time.
	 */
	void removeBeyond(UUID userId, int most) {
		this.jdbc
			.sql("DELETE FROM session WHERE id IN (SELECT s.id FROM session s"
					+ " LEFT JOIN refresh_token t ON t.session_id = s.id WHERE s.user_id = ? GROUP BY s.id"
					+ " ORDER BY s.ended_at IS NOT NULL, max(t.expires_at) DESC NULLS LAST, s.id DESC OFFSET ?)")
			.params(userId, most)
			.update();
	}

	void end(UUID sessionId, Instant at) {
		this.jdbc.sql("UPDATE session SET ended_at = coalesce(ended_at, ?) WHERE id = ?")
			.params(utc(at), sessionId)
			.update();
	}

	/**
	 * Removes all sessions of a user. That is noted first, which waits for those that
	 * begin just now, and lets instances of the version before begin none for whoever was
	 * authenticated until then.
	 */
	void removeAll(UUID userId, Instant until) {
		this.jdbc.sql("UPDATE app_user SET sessions_ended_at = ? WHERE id = ?").params(utc(until), userId).update();
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
