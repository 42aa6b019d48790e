package dev.sagamart.gateway.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * The issuer's public keys, fetched when the first token comes and again when they are
 * old or a token names one that we do not know. Concurrent requests share one fetch;
 * while the issuer is away, the keys that we have stay good.
 */
class SigningKeys {

	private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

	private final HttpClient http;

	private final TokenProperties properties;

	private final Clock clock;

	private final AtomicReference<@Nullable Mono<JWKSet>> running = new AtomicReference<>();

	private volatile Fetched last = new Fetched(new JWKSet(), Instant.MIN, null);

	SigningKeys(TokenProperties properties, Clock clock, HttpClient http) {
		this.properties = properties;
		this.clock = clock;
		this.http = http.responseTimeout(properties.keysTimeout());
	}

	private record Fetched(JWKSet keys, Instant at, @Nullable Throwable failure) {
	}

	/**
	 * The key that a token says it is signed with; empty if the issuer does not have it.
	 * Fails if the issuer cannot be asked.
	 */
	Flux<JWK> forToken(SignedJWT token) {
		String id = token.getHeader().getKeyID();
		if (id == null) {
			return Flux.empty();
		}
		JWK known = known(id);
		return (known != null) ? Flux.just(known) : freshKeys().mapNotNull((keys) -> keys.getKeyByKeyId(id)).flux();
	}

	/** Whether a key is still published, as far as we know. */
	boolean has(String id) {
		return known(id) != null;
	}

	private @Nullable JWK known(String id) {
		JWK known = this.last.keys().getKeyByKeyId(id);
		if (known != null && isOlderThan(this.properties.keysMaxAge()) && this.running.get() == null) {
			freshKeys().onErrorComplete().subscribe();
		}
		return known;
	}

	private Mono<JWKSet> freshKeys() {
		return Mono.defer(() -> {
			Mono<JWKSet> ours = Mono.defer(this::lastOrFetched).doOnTerminate(() -> this.running.set(null)).cache();
			Mono<JWKSet> other = this.running.compareAndExchange(null, ours);
			return (other != null) ? other : ours;
		});
	}

	/**
	 * Only for who holds {@link #running}: keys that came in just before are seen here.
	 */
	private Mono<JWKSet> lastOrFetched() {
		Fetched latest = this.last;
		if (latest.failure() == null && !isOlderThan(this.properties.keysMinAge())) {
			return Mono.just(latest.keys());
		}
		if (latest.failure() != null && !isOlderThan(PAUSE_AFTER_FAILURE)) {
			return Mono.error(latest.failure());
		}
		return fetch();
	}

	private boolean isOlderThan(Duration age) {
		return this.last.at().isBefore(this.clock.instant().minus(age));
	}

	private Mono<JWKSet> fetch() {
		return this.http.get()
			.uri(this.properties.jwksUri())
			.responseSingle((response, body) -> (response.status().code() == 200) ? body.asString().defaultIfEmpty("")
					: Mono.error(new IOException("The issuer's keys: status " + response.status().code())))
			.timeout(this.properties.keysTimeout())
			.flatMap(SigningKeys::parse)
			.doOnNext((keys) -> this.last = new Fetched(keys, this.clock.instant(), null))
			.doOnError(this::failed);
	}

	private static Mono<JWKSet> parse(String json) {
		try {
			return Mono.just(JWKSet.parse(json));
		}
		catch (ParseException ex) {
			return Mono.error(new IOException("The issuer's keys cannot be read", ex));
		}
	}

	private void failed(Throwable cause) {
		this.last = new Fetched(this.last.keys(), this.clock.instant(), cause);
		log.warn("The issuer's keys cannot be fetched: {}", cause.toString());
	}

}
