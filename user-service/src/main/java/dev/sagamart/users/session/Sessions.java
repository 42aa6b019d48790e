package dev.sagamart.users.session;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.Refresh.BeyondGrant;
import dev.sagamart.users.session.Refresh.Invalid;
import dev.sagamart.users.session.Refresh.Refreshed;
import dev.sagamart.users.session.Refresh.Reused;
import dev.sagamart.users.token.TokenIssuer;
import dev.sagamart.users.token.TokenIssuer.AccessToken;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
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
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps people logged in, whether they came through the sessions API or through a client.
 * A session is a family of refresh tokens, each of which works once; when one is
 * presented twice, the whole family ends.
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

	/** Begins a session of the sessions API, which belongs to no client. */
	public Optional<Tokens> begin(LoggedIn login) {
		return begin(login, null, Set.of());
	}

	/**
	 * Begins a session; empty if nobody can be logged in as that user, who may have been
	 * erased meanwhile, or if all sessions have ended since the password was read. The
	 * user is locked meanwhile: when all sessions end and one begins at the same moment,
	 * the second of the two sees what the first has done. If the user has too many
	 * sessions then, the one that was not used for the longest time ends.
	 * @param clientId the only client that can refresh the session
	 * @param scopes the most that it can have
	 */
	public Optional<Tokens> begin(LoggedIn login, @Nullable String clientId, Set<String> scopes) {
		return this.accounts.holding(login.userId(), login.tokenGeneration(), (user) -> {
			Instant expiresAt = this.clock.instant().plus(this.properties.life());
			RefreshToken first = RefreshToken.first();
			Session session = new Session(IDS.generate(), user.id(), first, expiresAt, clientId, scopes);
			this.entities.persist(session);
			Tokens tokens = issue(session, user, first, scopes);
			this.sessions.removeBeyond(user.id(), this.properties.maxPerUser());
			return tokens;
		});
	}

	/** Exchanges a refresh token of the sessions API for a new pair. */
	@Transactional
	public Refresh refresh(String refreshToken) {
		return refresh(refreshToken, null, Set.of());
	}

	/**
	 * Exchanges a refresh token for a new pair. Of several requests with the same token
	 * one gets a pair, whichever is first to lock the session; the others find the token
	 * used and end the session, the new pair's refresh token with it. So there are never
	 * two pairs that can be refreshed, and a client that sends a token twice has to log
	 * in again.
	 * @param clientId who presents it; to anybody but the client that has the session the
	 * token means nothing
	 * @param scopes what the access token is to have; empty for all that was granted
	 */
	@Transactional
	public Refresh refresh(String refreshToken, @Nullable String clientId, Set<String> scopes) {
		RefreshToken token = new RefreshToken(refreshToken);
		Instant now = this.clock.instant();
		Session session = lock(token).filter((found) -> Objects.equals(found.clientId(), clientId)).orElse(null);
		User user = (session != null) ? this.accounts.findActive(session.userId()).orElse(null) : null;
		if (session == null || user == null) {
			return new Invalid();
		}
		IssuedToken issued = this.sessions.findToken(token.hash(), session.id()).orElse(null);
		if (issued == null || issued.isUsed()) {
			session.end(now);
			return new Reused();
		}
		if (session.hasEnded() || !issued.isGood(now)) {
			return new Invalid();
		}
		if (!session.scopes().containsAll(scopes)) {
			return new BeyondGrant();
		}
		RefreshToken next = token.next();
		if (token.namesItsFamily()) {
			this.entities.remove(issued);
		}
		else {
			issued.use(now);
			session.recognise(next);
		}
		return new Refreshed(issue(session, user, next, scopes.isEmpty() ? session.scopes() : scopes));
	}

	/**
	 * Finds the session of a token, used or not, and locks it, so that of two who present
	 * the same token at once the second sees that it is used.
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
	 * Ends everything that anybody has begun in a user's name: sessions, their access
	 * tokens, and codes and log-ins on the way to one. To be called in a transaction that
	 * has the user locked.
	 */
	public void endAll(User user) {
		user.endSessions(this.clock.instant());
		this.sessions.removeAll(user.id());
		this.events.publishEvent(new SessionsEnded(user.id()));
	}

	/**
	 * A session that began without the second factor must not outlive its enrolment, and
	 * a user who removes it must lose the rights that it gave.
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

	private Tokens issue(Session session, User user, RefreshToken refreshToken, Set<String> scopes) {
		Instant now = this.clock.instant();
		Duration left = Duration.between(now, session.expiresAt());
		Duration life = (left.compareTo(this.properties.idleLife()) < 0) ? left : this.properties.idleLife();
		this.entities.persist(new IssuedToken(refreshToken, session.id(), now.plus(life)));
		AccessToken accessToken = this.tokens.issue(user.id(), this.accounts.rolesNow(user), user.tokenGeneration(),
				session.clientId(), scopes);
		return new Tokens(session.id(), user.id(), accessToken, refreshToken.text(), life, scopes);
	}

}
