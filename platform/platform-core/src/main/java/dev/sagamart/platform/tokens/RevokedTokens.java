package dev.sagamart.platform.tokens;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sagamart.platform.Digests;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Refuses access tokens that the issuer revoked before they expire. Every token contains
 * the token generation of its user ({@value #GENERATION}), and each revocation starts a
 * new generation. The issuer publishes, next to its keys, the current generation of all
 * users with revoked tokens that may not have expired yet. The list is therefore short,
 * and a service has all of it when it starts. It is fetched every two seconds. While the
 * issuer is unavailable, the last list stays in use, and the issuer cannot revoke
 * anything either.
 */
public final class RevokedTokens implements SmartLifecycle {

	/** The claim that contains the generation; a token without it has generation 0. */
	public static final String GENERATION = "gen";

	private static final Logger logger = LoggerFactory.getLogger(RevokedTokens.class);

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private static final int TIMEOUT_MS = 1000;

	/** Several times the largest list that the issuer publishes. */
	private static final int MAX_LIST_SIZE = 2 * 1024 * 1024;

	/** A shorter outage is not logged, because it may be a restart of the issuer. */
	private static final Duration WARN_AFTER = Duration.ofMinutes(1);

	private final URL list;

	private final DefaultResourceRetriever http;

	private volatile Map<String, Long> generations = Map.of();

	private volatile long fetchedAt = System.nanoTime();

	private boolean warned;

	private @Nullable ScheduledExecutorService timer;

	/**
	 * @param keys where the issuer publishes its keys; the list is next to them
	 */
	public RevokedTokens(URI keys, @Nullable SSLSocketFactory tls, MeterRegistry meters) {
		try {
			this.list = keys.resolve("revoked-tokens").toURL();
		}
		catch (IOException ex) {
			throw new IllegalArgumentException(keys + " is not a URL", ex);
		}
		this.http = new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_LIST_SIZE, true, tls);
		TimeGauge
			.builder("sagamart.security.revoked.tokens.age", () -> System.nanoTime() - this.fetchedAt,
					TimeUnit.NANOSECONDS)
			.description("Age of the list of revoked access tokens")
			.register(meters);
	}

	/**
	 * Returns the token unless it is revoked.
	 * @throws BadJwtException if it is revoked
	 */
	public Jwt check(Jwt token) {
		if (generationIn(token) < generationOf(token.getSubject())) {
			throw new BadJwtException("The token is revoked");
		}
		return token;
	}

	public static long generationIn(Jwt token) {
		return (token.getClaim(GENERATION) instanceof Number number) ? number.longValue() : 0;
	}

	/** The user's current generation; 0 if the list does not contain the user. */
	public long generationOf(@Nullable String subject) {
		Map<String, Long> known = this.generations;
		return (subject == null || known.isEmpty()) ? 0 : known.getOrDefault(hashOf(subject), 0L);
	}

	/** The hash that identifies a user in the list, which therefore reveals no ids. */
	public static String hashOf(String subject) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(Digests.sha256(subject), 16));
	}

	/** Fetches the list immediately, and then every two seconds. */
	@Override
	public synchronized void start() {
		fetch();
		this.timer = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("revoked-tokens").factory());
		ScheduledFuture<?> _ = this.timer.scheduleWithFixedDelay(this::fetch, INTERVAL.toMillis(), INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	private void fetch() {
		try {
			Map<String, Object> answer = JSONObjectUtils.parse(this.http.retrieveResource(this.list).getContent());
			this.generations = JSONObjectUtils.getJSONObject(answer, "revoked")
				.entrySet()
				.stream()
				.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey,
						(entry) -> ((Number) entry.getValue()).longValue()));
			this.fetchedAt = System.nanoTime();
			this.warned = false;
		}
		catch (IOException | ParseException | RuntimeException ex) {
			Duration age = Duration.ofNanos(System.nanoTime() - this.fetchedAt);
			if (!this.warned && age.compareTo(WARN_AFTER) > 0) {
				logger.warn("Cannot fetch the list of revoked access tokens, the last list is {} s old: {}",
						age.toSeconds(), ex.toString());
				this.warned = true;
			}
		}
	}

	@Override
	public synchronized void stop() {
		if (this.timer != null) {
			this.timer.shutdownNow();
			this.timer = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.timer != null;
	}

	/** Starts before the web server and stops after it. */
	@Override
	public int getPhase() {
		return 0;
	}

}
