package dev.sagamart.platform.tokens;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * Refuses the access tokens that the issuer took back before they expire. Every token
 * carries the number of its user's generation of tokens ({@value #GENERATION}); whatever
 * takes tokens back begins a new one. Beside its keys the issuer publishes the current
 * generation of those users whose tokens it took back while older ones may still be
 * about, so the list is as short as the life of a token, and a service that starts has
 * all of it at once. It is fetched every two seconds. While the issuer cannot be reached
 * it can take nothing back either, and the list that was fetched last goes on.
 */
public final class RevokedTokens implements SmartLifecycle {

	/** The claim with the generation; a token without it is of the first, 0. */
	public static final String GENERATION = "gen";

	private static final Logger logger = LoggerFactory.getLogger(RevokedTokens.class);

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private static final int TIMEOUT_MS = 1000;

	/** Several times what the issuer publishes at most. */
	private static final int MAX_LIST_SIZE = 2 * 1024 * 1024;

	/** An issuer that starts or is replaced meanwhile is nothing to warn of. */
	private static final Duration QUIET = Duration.ofMinutes(1);

	private final URL list;

	private final DefaultResourceRetriever http;

	private volatile Map<String, Long> generations = Map.of();

	private volatile long fetchedAt = System.nanoTime();

	private boolean warned;

	private @Nullable ScheduledExecutorService timer;

	/**
	 * @param keys where the issuer publishes its keys; the list is beside them
	 */
	public RevokedTokens(URI keys, @Nullable SSLSocketFactory tls, MeterRegistry meters) {
		try {
			this.list = keys.resolve("revoked-tokens").toURL();
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("Not a URL: " + keys, ex);
		}
		this.http = new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_LIST_SIZE, true, tls);
		TimeGauge
			.builder("sagamart.security.revoked.tokens.age", () -> System.nanoTime() - this.fetchedAt,
					TimeUnit.NANOSECONDS)
			.description("Since when it is not known which access tokens were taken back")
			.register(meters);
	}

	/**
	 * Lets a token through that was not taken back.
	 * @throws BadJwtException if it was
	 */
	public Jwt check(Jwt token) {
		if (generationIn(token) < generationOf(token.getSubject())) {
			throw new BadJwtException("The token was taken back");
		}
		return token;
	}

	/** The generation that a token says it is of. */
	public static long generationIn(Jwt token) {
		return (token.getClaim(GENERATION) instanceof Number number) ? number.longValue() : 0;
	}

	/**
	 * The generation of a user's tokens, older ones of which may not have expired; 0 if
	 * there are none such.
	 */
	public long generationOf(@Nullable String subject) {
		Map<String, Long> known = this.generations;
		return (subject == null || known.isEmpty()) ? 0 : known.getOrDefault(nameOf(subject), 0L);
	}

	/** The name of a user in the list, which tells it only to who knows their id. */
	public static String nameOf(String subject) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Fetches the list now, and then every two seconds. */
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
			if (!this.warned && age.compareTo(QUIET) > 0) {
				logger.warn("It is not known since {} s which access tokens were taken back: {}", age.toSeconds(),
						ex.toString());
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

	/** Before the first request comes, and until the last one is answered. */
	@Override
	public int getPhase() {
		return 0;
	}

}
