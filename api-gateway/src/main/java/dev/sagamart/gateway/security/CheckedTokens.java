package dev.sagamart.gateway.security;

import dev.sagamart.platform.tokens.AccessTokenDecoder;
import java.io.Closeable;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Checks access tokens without holding up an event loop: one that was checked before is
 * answered at once, any other on threads of their own. Tokens whose key is not known are
 * checked one after the other on a single thread, because that may have to wait for the
 * issuer: however many they are, and however long it takes, they hold up nobody else.
 */
@Component
class CheckedTokens implements ReactiveJwtDecoder, Closeable {

	/** Who comes when so many wait already is told that it cannot be checked now. */
	static final int MOST_WAITING = 10_000;

	private static final int IDLE_SECONDS = 60;

	private final AccessTokenDecoder tokens;

	private final Scheduler signatures = Schedulers.newBoundedElastic(Runtime.getRuntime().availableProcessors(),
			MOST_WAITING, "token-signatures", IDLE_SECONDS, true);

	private final Scheduler keys = Schedulers.newBoundedElastic(1, MOST_WAITING, "token-keys", IDLE_SECONDS, true);

	CheckedTokens(AccessTokenDecoder tokens) {
		this.tokens = tokens;
	}

	@Override
	public Mono<Jwt> decode(String token) {
		return Mono.defer(() -> {
			Jwt known = this.tokens.cached(token);
			return (known != null) ? Mono.just(known) : check(token);
		});
	}

	private Mono<Jwt> check(String token) {
		return Mono.fromCallable(() -> this.tokens.decode(token))
			.subscribeOn(this.tokens.mayBlock(token) ? this.keys : this.signatures)
			.onErrorMap(RejectedExecutionException.class,
					(ex) -> new JwtException("Too many tokens wait to be checked", ex));
	}

	@Override
	public void close() {
		this.signatures.dispose();
		this.keys.dispose();
	}

}
