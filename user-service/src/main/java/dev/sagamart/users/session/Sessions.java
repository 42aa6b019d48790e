package dev.sagamart.users.session;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.Refresh.Invalid;
import dev.sagamart.users.session.Refresh.Refreshed;
import dev.sagamart.users.session.Refresh.Reused;
import dev.sagamart.users.session.SessionRepository.Presented;
import dev.sagamart.users.token.AccessTokens;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Credentials;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.Passwords;
import dev.sagamart.users.user.User;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Logs people in and keeps them so. A session is a family of refresh tokens of which each
 * works once; whoever presents one twice ends the whole family.
 */
@Service
public class Sessions {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final int REFRESH_TOKEN_BYTES = 32;

	private final SessionRepository sessions;

	private final FailedLogins failures;

	private final Accounts accounts;

	private final Passwords passwords;

	private final AccessTokens accessTokens;

	private final SessionProperties properties;

	private final TransactionTemplate transaction;

	private final Clock clock;

	private final SecureRandom random = new SecureRandom();

	Sessions(SessionRepository sessions, FailedLogins failures, Accounts accounts, Passwords passwords,
			AccessTokens accessTokens, SessionProperties properties, TransactionTemplate transaction, Clock clock) {
		this.sessions = sessions;
		this.failures = failures;
		this.accounts = accounts;
		this.passwords = passwords;
		this.accessTokens = accessTokens;
		this.properties = properties;
		this.transaction = transaction;
		this.clock = clock;
	}

	/**
	 * Checks a password, in the same steps whether there is such an account or not.
	 * @param address where the request comes from
	 */
	public LogIn logIn(EmailAddress email, String password, String address) {
		Optional<Duration> wait = this.failures.countAttempt(email, address);
		if (wait.isPresent()) {
			return new Throttled(this.properties.maxFailures(), wait.get());
		}
		Optional<Credentials> credentials = this.accounts.credentials(email);
		if (!this.passwords.matches(password, credentials.map(Credentials::passwordHash).orElse(null))) {
			return new BadCredentials();
		}
		UUID userId = credentials.orElseThrow().userId();
		return this.transaction.execute((status) -> {
			Instant expiresAt = this.clock.instant().plus(this.properties.life());
			UUID sessionId = IDS.generate();
			if (!this.sessions.begin(sessionId, userId, expiresAt)) {
				return new BadCredentials();
			}
			this.failures.forget(email, address);
			return new LoggedIn(issue(sessionId, userId, expiresAt));
		});
	}

	/** Exchanges a refresh token for a new pair. */
	public Refresh refresh(String refreshToken) {
		byte[] hash = Digests.sha256(refreshToken);
		return this.transaction.execute((status) -> {
			Instant now = this.clock.instant();
			Optional<Presented> found = this.sessions.lock(hash);
			if (found.isEmpty()) {
				return new Invalid();
			}
			Presented presented = found.get();
			if (presented.tokenUsedAt() != null) {
				this.sessions.end(presented.sessionId(), now);
				return new Reused();
			}
			if (presented.sessionEndedAt() != null || !now.isBefore(presented.tokenExpiresAt())) {
				return new Invalid();
			}
			this.sessions.markUsed(hash, now);
			return new Refreshed(issue(presented.sessionId(), presented.userId(), presented.sessionExpiresAt()));
		});
	}

	/** Ends the session of a refresh token, if it is the user's own. */
	public void end(UUID userId, String refreshToken) {
		this.transaction.executeWithoutResult((status) -> this.sessions.lock(Digests.sha256(refreshToken))
			.filter((presented) -> presented.userId().equals(userId))
			.ifPresent((presented) -> this.sessions.end(presented.sessionId(), this.clock.instant())));
	}

	@EventListener
	void forget(AccountErased erased) {
		this.sessions.removeAll(erased.userId());
		this.failures.forget(erased.email());
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void tidyUp() {
		this.failures.removeOld();
		int removed;
		do {
			removed = this.sessions.removeExpired(this.clock.instant());
		}
		while (removed > 0);
	}

	private Tokens issue(UUID sessionId, UUID userId, Instant sessionExpiresAt) {
		User user = this.accounts.find(userId).orElseThrow();
		byte[] bytes = new byte[REFRESH_TOKEN_BYTES];
		this.random.nextBytes(bytes);
		String refreshToken = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
		Instant now = this.clock.instant();
		Duration left = Duration.between(now, sessionExpiresAt);
		Duration life = (left.compareTo(this.properties.idleLife()) < 0) ? left : this.properties.idleLife();
		this.sessions.addToken(Digests.sha256(refreshToken), sessionId, now.plus(life));
		return new Tokens(this.accessTokens.issue(userId, user.roles()), refreshToken, life);
	}

}
