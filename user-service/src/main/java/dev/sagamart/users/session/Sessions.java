package dev.sagamart.users.session;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.session.Refresh.BeyondGrant;
import dev.sagamart.users.session.Refresh.Invalid;
import dev.sagamart.users.session.Refresh.Refreshed;
import dev.sagamart.users.session.Refresh.Reused;
import dev.sagamart.users.session.SessionRepository.Presented;
import dev.sagamart.users.token.AccessTokens;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Standing;
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
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps people logged in, whether they came through the sessions API or through a client.
 * A session is a family of refresh tokens of which each works once; whoever presents one
 * twice ends the whole family.
 */
@Service
public class Sessions {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final SessionRepository sessions;

	private final FailedLogins failures;

	private final Accounts accounts;

	private final AccessTokens accessTokens;

	private final SessionProperties properties;

	private final ApplicationEventPublisher events;

	private final TransactionTemplate transaction;

	private final Clock clock;

	Sessions(SessionRepository sessions, FailedLogins failures, Accounts accounts, AccessTokens accessTokens,
			SessionProperties properties, ApplicationEventPublisher events, TransactionTemplate transaction,
			Clock clock) {
		this.sessions = sessions;
		this.failures = failures;
		this.accounts = accounts;
		this.accessTokens = accessTokens;
		this.properties = properties;
		this.events = events;
		this.transaction = transaction;
		this.clock = clock;
	}

	/**
	 * Begins a session; empty if nobody can be logged in as that user, who may have been
	 * erased meanwhile. If the user has too many then, the one that was not used for the
	 * longest time ends.
	 * @param grant {@code null} for a session of the sessions API, which belongs to no
	 * client
	 * @param tokenGeneration that was read with the password that they gave; once all
	 * sessions have ended there is another one, and none begins
	 */
	public Optional<Tokens> begin(UUID userId, @Nullable Grant grant, long tokenGeneration) {
		return this.transaction.execute((status) -> {
			Instant expiresAt = this.clock.instant().plus(this.properties.life());
			UUID sessionId = IDS.generate();
			RefreshToken first = RefreshToken.first();
			Optional<Standing> user = this.accounts.standing(userId);
			if (user.isEmpty() || !this.sessions.begin(sessionId, userId, tokenGeneration, first, expiresAt, grant)) {
				return Optional.empty();
			}
			Tokens tokens = issue(sessionId, userId, user.get(), first, expiresAt, grant);
			this.sessions.removeBeyond(userId, this.properties.maxPerUser());
			return Optional.of(tokens);
		});
	}

	/** Exchanges a refresh token of the sessions API for a new pair. */
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
	public Refresh refresh(String refreshToken, @Nullable String clientId, Set<String> scopes) {
		RefreshToken token = new RefreshToken(refreshToken);
		return this.transaction.execute((status) -> {
			Instant now = this.clock.instant();
			Optional<Presented> found = this.sessions.lock(token)
				.filter((presented) -> Objects.equals(presented.clientId(), clientId));
			Optional<Standing> user = found.flatMap((presented) -> this.accounts.standing(presented.userId()));
			if (found.isEmpty() || user.isEmpty()) {
				return new Invalid();
			}
			Presented presented = found.get();
			if (presented.tokenUsed()) {
				this.sessions.end(presented.sessionId(), now);
				return new Reused();
			}
			if (presented.sessionEndedAt() != null || !now.isBefore(presented.tokenExpiresAt())) {
				return new Invalid();
			}
			if (!presented.scopes().containsAll(scopes)) {
				return new BeyondGrant();
			}
			RefreshToken next = token.next();
			this.sessions.replace(token, next, presented.sessionId(), now);
			Grant grant = (clientId != null) ? new Grant(clientId, scopes.isEmpty() ? presented.scopes() : scopes)
					: null;
			return new Refreshed(issue(presented.sessionId(), presented.userId(), user.get(), next,
					presented.sessionExpiresAt(), grant));
		});
	}

	/** Ends the session of a refresh token, if it is the user's own. */
	public void end(UUID userId, String refreshToken) {
		this.transaction.executeWithoutResult((status) -> this.sessions.lock(new RefreshToken(refreshToken))
			.filter((presented) -> presented.userId().equals(userId))
			.ifPresent((presented) -> end(presented.sessionId())));
	}

	/** Ends the session of a refresh token, if it is the client's. */
	public void revoke(String clientId, String refreshToken) {
		this.transaction.executeWithoutResult((status) -> this.sessions.lock(new RefreshToken(refreshToken))
			.filter((presented) -> clientId.equals(presented.clientId()))
			.ifPresent((presented) -> end(presented.sessionId())));
	}

	/** Ends a session, if it has not ended. */
	public void end(UUID sessionId) {
		this.sessions.end(sessionId, this.clock.instant());
	}

	/**
	 * Ends everything that anybody has begun in a user's name: sessions, their access
	 * tokens, and codes and log-ins on the way to one. To be called in a transaction that
	 * has the user locked.
	 */
	public void endAll(UUID userId) {
		this.sessions.removeAll(userId, this.clock.instant());
		this.accounts.revokeTokens(userId);
		this.events.publishEvent(new SessionsEnded(userId));
	}

	/**
	 * A session that was begun without the second factor must not outlive its enrolment,
	 * and whoever removes one must do without the rights that it gave.
	 */
	@EventListener
	void endAll(SecondFactorChanged changed) {
		endAll(changed.user().id());
	}

	@EventListener
	void forget(AccountErased erased) {
		endAll(erased.userId());
		this.failures.forget(erased.email().key());
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void tidyUp() {
		this.failures.removeOld();
		this.sessions.removeExpired(this.clock.instant());
	}

	private Tokens issue(UUID sessionId, UUID userId, Standing user, RefreshToken refreshToken,
			Instant sessionExpiresAt, @Nullable Grant grant) {
		Instant now = this.clock.instant();
		Duration left = Duration.between(now, sessionExpiresAt);
		Duration life = (left.compareTo(this.properties.idleLife()) < 0) ? left : this.properties.idleLife();
		this.sessions.addToken(refreshToken, sessionId, now.plus(life));
		return (grant != null)
				? new Tokens(sessionId, userId, this.accessTokens.issue(userId, user, grant.clientId(), grant.scopes()),
						refreshToken.text(), life, grant.scopes())
				: new Tokens(sessionId, userId, this.accessTokens.issue(userId, user), refreshToken.text(), life,
						Set.of());
	}

}
