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
 * Decodes access tokens without blocking an event loop. Cached tokens are returned
 * immediately. Tokens of known keys are verified on a pool of threads. Tokens of unknown
 * keys are verified by one single thread, because this may have to wait for the issuer,
 * so they never delay other requests.
 */
@Component
class NonBlockingJwtDecoder implements ReactiveJwtDecoder, Closeable {

	/** If more tokens are waiting, the next ones fail as not checkable. */
	static final int MAX_WAITING = 10_000;

	private static final int IDLE_SECONDS = 60;

	private final AccessTokenDecoder tokens;

	private final Scheduler verification = Schedulers.newBoundedElastic(Runtime.getRuntime().availableProcessors(),
			MAX_WAITING, "token-verification", IDLE_SECONDS, true);

	private final Scheduler keyLookup = Schedulers.newBoundedElastic(1, MAX_WAITING, "token-keys", IDLE_SECONDS, true);

	NonBlockingJwtDecoder(AccessTokenDecoder tokens) {
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
			.subscribeOn(this.tokens.mayBlock(token) ? this.keyLookup : this.verification)
			.onErrorMap(RejectedExecutionException.class,
					(ex) -> new JwtException("Too many tokens are waiting to be verified", ex));
	}

	@Override
	public void close() {
		this.verification.dispose();
		this.keyLookup.dispose();
	}

}
