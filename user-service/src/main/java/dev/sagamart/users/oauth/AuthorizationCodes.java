package dev.sagamart.users.oauth;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.encryption.Digests;
import dev.sagamart.users.session.Grant;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.session.SessionsEnded;
import dev.sagamart.users.session.Tokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Authorization codes: each is exchanged once, for a session. Whoever comes with one that
 * was exchanged ends that session, because one of the two has stolen the code.
 */
@Repository
public class AuthorizationCodes {

	/** For how long a code that comes again is recognised. */
	private static final Duration REMEMBERED = Duration.ofDays(1);

	/**
	 * A code of the version before, which does not say of which generation its log-in is,
	 * has one that no user has: it is exchanged for nothing.
	 */
	private static final String SELECT = "SELECT client_id, user_id, redirect_uri, scopes, code_challenge, nonce,"
			+ " coalesce(token_generation, -1) AS token_generation, authenticated_at, expires_at, session_id"
			+ " FROM authorization_code ";

	private final JdbcClient jdbc;

	private final OldRows old;

	private final Sessions sessions;

	private final TransactionTemplate transaction;

	private final Clock clock;

	AuthorizationCodes(JdbcTemplate jdbc, Sessions sessions, TransactionTemplate transaction, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "authorization_code", "expires_at");
		this.sessions = sessions;
		this.transaction = transaction;
		this.clock = clock;
	}

	/**
	 * What a code stands for.
	 *
	 * @param login of whoever gave it
	 * @param codeChallenge S256 of the verifier that the client will show (RFC 7636)
	 * @param nonce goes into the ID token
	 */
	public record Authorized(Grant grant, LoggedIn login, String redirectUri, String codeChallenge,
			@Nullable String nonce) {
	}

	/** What came of presenting a code. */
	public sealed interface Exchange {

		record Exchanged(Tokens tokens, Authorized authorized) implements Exchange {
		}

		/** It was exchanged before; the session of that time has ended. */
		record Replayed() implements Exchange {
		}

		/** Unknown, expired, another client's, or for another address. */
		record Invalid() implements Exchange {
		}

	}

	/** Adds a code. Those that the user never exchanged in time go. */
	public void add(String code, Authorized authorized, Instant expiresAt) {
		this.jdbc
			.sql("DELETE FROM authorization_code WHERE ctid = ANY (ARRAY(SELECT ctid FROM authorization_code"
					+ " WHERE user_id = ? AND session_id IS NULL AND expires_at < ? FOR UPDATE SKIP LOCKED))")
			.params(authorized.login().userId(), this.clock.instant().atOffset(ZoneOffset.UTC))
			.update();
		this.jdbc
			.sql("INSERT INTO authorization_code (hash, client_id, user_id, redirect_uri, scopes, code_challenge,"
					+ " nonce, token_generation, authenticated_at, expires_at)"
					+ " VALUES (:hash, :clientId, :userId, :redirectUri, string_to_array(:scopes, ' '), :codeChallenge,"
					+ " :nonce, :tokenGeneration, :authenticatedAt, :expiresAt)")
			.param("hash", Digests.sha256(code))
			.param("clientId", authorized.grant().clientId())
			.param("userId", authorized.login().userId())
			.param("redirectUri", authorized.redirectUri())
			.param("scopes", String.join(" ", authorized.grant().scopes()))
			.param("codeChallenge", authorized.codeChallenge())
			.param("nonce", authorized.nonce())
			.param("tokenGeneration", authorized.login().tokenGeneration())
			.param("authenticatedAt", authorized.login().at().atOffset(ZoneOffset.UTC))
			.param("expiresAt", expiresAt.atOffset(ZoneOffset.UTC))
			.update();
	}

	/** Finds what a code stands or stood for. */
	public Optional<Authorized> find(String code) {
		return this.jdbc.sql(SELECT + "WHERE hash = ?")
			.param(Digests.sha256(code))
			.query(AuthorizationCodes::map)
			.optional()
			.map(Stored::authorized);
	}

	/** Exchanges a code, whose verifier has been checked, for a session. */
	public Exchange exchange(String code, String clientId, @Nullable String redirectUri) {
		return this.transaction.execute((status) -> {
			Optional<Stored> found = this.jdbc.sql(SELECT + "WHERE hash = ? FOR UPDATE")
				.param(Digests.sha256(code))
				.query(AuthorizationCodes::map)
				.optional();
			if (found.isEmpty() || !found.get().isFor(clientId, redirectUri)) {
				return new Exchange.Invalid();
			}
			Stored stored = found.get();
			if (stored.sessionId() != null) {
				this.sessions.end(stored.sessionId());
				return new Exchange.Replayed();
			}
			if (!this.clock.instant().isBefore(stored.expiresAt())) {
				return new Exchange.Invalid();
			}
			Authorized authorized = stored.authorized();
			LoggedIn login = authorized.login();
			return this.sessions.begin(login.userId(), authorized.grant(), login.tokenGeneration())
				.<Exchange>map((tokens) -> {
					this.jdbc.sql("UPDATE authorization_code SET session_id = ? WHERE hash = ?")
						.params(tokens.sessionId(), Digests.sha256(code))
						.update();
					return new Exchange.Exchanged(tokens, authorized);
				})
				.orElseGet(Exchange.Invalid::new);
		});
	}

	@EventListener
	void forget(SessionsEnded ended) {
		this.jdbc.sql("DELETE FROM authorization_code WHERE user_id = ?").param(ended.userId()).update();
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		this.old.removeUntil(this.clock.instant().minus(REMEMBERED));
	}

	private record Stored(Authorized authorized, Instant expiresAt, @Nullable UUID sessionId) {

		boolean isFor(String clientId, @Nullable String redirectUri) {
			return this.authorized.grant().clientId().equals(clientId)
					&& this.authorized.redirectUri().equals(redirectUri);
		}

	}

	private static Stored map(ResultSet row, int index) throws SQLException {
		Grant grant = new Grant(row.getString("client_id"), Set.of((String[]) row.getArray("scopes").getArray()));
		LoggedIn login = new LoggedIn(row.getObject("user_id", UUID.class), row.getLong("token_generation"),
				row.getObject("authenticated_at", OffsetDateTime.class).toInstant());
		return new Stored(
				new Authorized(grant, login, row.getString("redirect_uri"), row.getString("code_challenge"),
						row.getString("nonce")),
				row.getObject("expires_at", OffsetDateTime.class).toInstant(), row.getObject("session_id", UUID.class));
	}

}
