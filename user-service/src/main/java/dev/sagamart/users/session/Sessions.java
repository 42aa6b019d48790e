package dev.sagamart.users.session;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.token.TokenIssuer;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sessions of the sessions API and of clients. A session is a family of refresh tokens,
 * each of which works once; when one is presented twice, the session ends.
 */
@Service
public class Sessions {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final StoredSessions sessions;

	private final EntityManager entities;

	private final OldRows expired;

	private final FailedLogins failures;

	private final Accounts accounts;

	private final TokenIssuer tokens;

	private final SessionProperties properties;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	Sessions(StoredSessions sessions, EntityManager entities, JdbcTemplate jdbc, FailedLogins failures,
			Accounts accounts, TokenIssuer tokens, SessionProperties properties, ApplicationEventPublisher events,
			Clock clock) {
		this.sessions = sessions;
		this.entities = entities;
		this.expired = new OldRows(jdbc, "session", "expires_at");
		this.failures = failures;
		this.accounts = accounts;
		this.tokens = tokens;
		this.properties = properties;
		this.events = events;
		this.clock = clock;
	}

	/**
	 * The tokens that a client gets when a session begins or is refreshed.
	 *
	 * @param userId whose session it is
	 */
	public record Tokens(UUID sessionId, UUID userId, OAuth2AccessToken accessToken, OAuth2RefreshToken refreshToken) {
	}

	/** The result of presenting a refresh token. */
	public sealed interface Refresh {

		record Refreshed(Tokens tokens) implements Refresh {
		}

		/** It was used before, by a thief or by the owner, so the session ends. */
		record Reused() implements Refresh {
		}

		/** The client requests more scopes than were granted; the token remains valid. */
		record BeyondGrant() implements Refresh {
		}

		/**
		 * Unknown, expired, of another client, of an ended session, or of an account that
		 * must not log in.
		 */
		record Invalid() implements Refresh {
		}

	}

	/**
	 * Begins a session; empty if the user was erased or must not log in, or if all
	 * sessions have ended since the password was read. The user is locked meanwhile, so
	 * that the beginning of a session and the end of all sessions do not overlap. If the
	 * user has too many sessions then, the least recently used one ends.
	 * @param clientId the only client that can refresh the session; {@code null} for the
	 * sessions API
	 * @param scopes the largest set of scopes of its tokens
	 */
	public Optional<Tokens> begin(LoggedIn login, @Nullable String clientId, Set<String> scopes) {
		return this.accounts.holding(login.userId(), login.tokenGeneration(), (user) -> {
			Instant now = this.clock.instant();
			RefreshToken first = RefreshToken.first();
			Session session = new Session(IDS.generate(), user.id(), first, now.plus(this.properties.life()), clientId,
					scopes);
			this.entities.persist(session);
			Tokens tokens = issue(session, user, first, scopes, now);
			this.sessions.removeBeyond(user.id(), this.properties.maxPerUser());
			return tokens;
		});
	}

	/**
	 * Exchanges a refresh token for a new pair. Of several requests with the same token,
	 * the first to lock the session gets a pair; the others find the token used and end
	 * the session with the new refresh token. So there are never two valid refresh
	 * tokens, and a client that sends a token twice has to log in again.
	 * @param clientId the client that presents the token, which is valid only for the
	 * client of the session; {@code null} for the sessions API
	 * @param scopes the requested scopes; empty for all granted ones
	 */
	@Transactional
	public Refresh refresh(String refreshToken, @Nullable String clientId, Set<String> scopes) {
		RefreshToken token = new RefreshToken(refreshToken);
		Instant now = this.clock.instant();
		Session session = lock(token).filter((found) -> Objects.equals(found.clientId(), clientId)).orElse(null);
		User user = (session != null) ? this.accounts.findActive(session.userId()).orElse(null) : null;
		if (session == null || user == null) {
			return new Refresh.Invalid();
		}
		IssuedToken issued = this.sessions.findToken(token.hash(), session.id()).orElse(null);
		if (issued == null || issued.isUsed()) {
			session.end(now);
			return new Refresh.Reused();
		}
		if (session.hasEnded() || !issued.isGood(now)) {
			return new Refresh.Invalid();
		}
		if (!session.scopes().containsAll(scopes)) {
			return new Refresh.BeyondGrant();
		}
		RefreshToken next = token.next();
		if (token.namesItsFamily()) {
			this.entities.remove(issued);
		}
		else {
			issued.use(now);
			session.recognise(next);
		}
		return new Refresh.Refreshed(issue(session, user, next, scopes.isEmpty() ? session.scopes() : scopes, now));
	}

	/**
	 * Finds and locks the session of a token, used or not, so that of two concurrent
	 * requests with the same token the second sees that it is used.
	 */
	private Optional<Session> lock(RefreshToken token) {
		byte[] family = token.familyHash();
		return (family != null) ? this.sessions.lockFamily(family) : this.sessions.lockSessionOf(token.hash());
	}

	/** Ends the session of a refresh token, if it is the user's own. */
	@Transactional
	public void end(UUID userId, String refreshToken) {
		end(lock(new RefreshToken(refreshToken)).filter((session) -> session.userId().equals(userId)));
	}

	/** Ends the session of a refresh token, if it is the client's. */
	@Transactional
	public void revoke(String clientId, String refreshToken) {
		end(lock(new RefreshToken(refreshToken)).filter((session) -> clientId.equals(session.clientId())));
	}

	@Transactional
	public void end(UUID sessionId) {
		end(this.sessions.lock(sessionId));
	}

	private void end(Optional<Session> locked) {
		locked.ifPresent((session) -> session.end(this.clock.instant()));
	}

	/**
	 * Ends all sessions of a user, and revokes access tokens, authorization codes and
	 * unfinished log-ins. Must be called in a transaction that has locked the user.
	 */
	public void endAll(User user) {
		user.endSessions(this.clock.instant());
		this.sessions.removeAll(user.id());
		this.events.publishEvent(new SessionsEnded(user.id()));
	}

	/**
	 * A session that began without the second factor ends at the enrolment, and the
	 * rights of a second factor end with its removal.
	 */
	@EventListener
	void endAll(SecondFactorChanged changed) {
		endAll(changed.user());
	}

	@EventListener
	void forget(AccountErased erased) {
		endAll(erased.user());
		this.failures.forget(erased.email().key());
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void tidyUp() {
		this.failures.removeOld();
		this.expired.removeUntil(this.clock.instant());
	}

	private Tokens issue(Session session, User user, RefreshToken refreshToken, Set<String> scopes, Instant now) {
		Instant idle = now.plus(this.properties.idleLife());
		Instant expiresAt = idle.isBefore(session.expiresAt()) ? idle : session.expiresAt();
		this.entities.persist(new IssuedToken(refreshToken, session.id(), expiresAt));
		return new Tokens(
				session.id(), user.id(), this.tokens.issue(user.id(), this.accounts.rolesNow(user),
						user.tokenGeneration(), session.clientId(), scopes),
				new OAuth2RefreshToken(refreshToken.text(), now, expiresAt));
	}

}
