package dev.sagamart.users.oauth;

import dev.sagamart.platform.Digests;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.session.Sessions.Tokens;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.session.SessionsEnded;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Authorization codes, each of which is exchanged once for a session. If a code is
 * presented again, that session ends, because one of the two clients has stolen the code.
 */
@Service
public class AuthorizationCodes {

	/** How long used codes are remembered. */
	private static final Duration REMEMBERED = Duration.ofDays(1);

	private final StoredCodes codes;

	private final EntityManager entities;

	private final OldRows old;

	private final Sessions sessions;

	private final Clock clock;

	AuthorizationCodes(StoredCodes codes, EntityManager entities, JdbcTemplate jdbc, Sessions sessions, Clock clock) {
		this.codes = codes;
		this.entities = entities;
		this.old = new OldRows(jdbc, "authorization_code", "expires_at");
		this.sessions = sessions;
		this.clock = clock;
	}

	public sealed interface Exchange {

		record Exchanged(Tokens tokens, AuthorizationCode code) implements Exchange {
		}

		/** It was exchanged before, and its session has now ended. */
		record Replayed() implements Exchange {
		}

		/** Unknown, expired, of another client, or for another redirect URI. */
		record Invalid() implements Exchange {
		}

	}

	/** Adds a code, and removes expired codes of the user. */
	@Transactional
	public void add(AuthorizationCode code) {
		this.codes.removeUnused(code.login().userId(), this.clock.instant());
		this.entities.persist(code);
	}

	public Optional<AuthorizationCode> find(String code) {
		return this.codes.find(Digests.sha256(code));
	}

	/** Exchanges a code, whose verifier has been checked, for a session. */
	@Transactional
	public Exchange exchange(String presented, String clientId, @Nullable String redirectUri) {
		AuthorizationCode code = this.codes.lock(Digests.sha256(presented)).orElse(null);
		if (code == null || !code.grant().clientId().equals(clientId)
				|| !code.grant().redirectUri().equals(redirectUri)) {
			return new Exchange.Invalid();
		}
		if (code.sessionId() != null) {
			this.sessions.end(code.sessionId());
			return new Exchange.Replayed();
		}
		if (!this.clock.instant().isBefore(code.expiresAt())) {
			return new Exchange.Invalid();
		}
		return this.sessions.begin(code.login(), clientId, code.grant().scopes()).<Exchange>map((tokens) -> {
			code.exchange(tokens.sessionId());
			return new Exchange.Exchanged(tokens, code);
		}).orElseGet(Exchange.Invalid::new);
	}

	@EventListener
	void forget(SessionsEnded ended) {
		this.codes.removeAll(ended.userId());
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		this.old.removeUntil(this.clock.instant().minus(REMEMBERED));
	}

}
