package dev.sagamart.platform.tokens;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.RefreshAheadCachingJWKSetSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of the issuer. They are fetched when the first token arrives. They are
 * fetched again in the background before they are too old, and also when a token names an
 * unknown key, but at most once within an interval, so that a flood of invented key ids
 * does not load the issuer. While the issuer is unavailable, the known keys remain in
 * use.
 * <p>
 * The cache is that of {@code JWKSourceBuilder}, without two features of the builder. Its
 * outage tolerance treats a failed fetch as a success, so after an outage a withdrawn key
 * would stay valid for the whole lifetime of the cache. Here, cached keys practically
 * never expire, and the refresh-ahead, which is retried after a failure, starts when they
 * get old. Its rate limit permits two fetches per interval, and a service that starts
 * before the issuer would refuse every token until the interval ends.
 */
public final class IssuerJwkSource implements JWKSource<SecurityContext>, Closeable {

	private static final Logger logger = LoggerFactory.getLogger(IssuerJwkSource.class);

	/** How long known keys stay in use without the issuer: practically for ever. */
	private static final Duration CENTURY = Duration.ofDays(36_500);

	/** Shorter, because every token is refused while no keys are known. */
	private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	private static final int MAX_SIZE = 64 * 1024;

	private static final JWKSet EMPTY = new JWKSet();

	private final JWKSetSource<SecurityContext> keys;

	private final InstantSource clock;

	/** A virtual thread, because its blocking read can be interrupted. */
	private final ScheduledExecutorService background = new ScheduledThreadPoolExecutor(1,
			Thread.ofVirtual().name("published-keys").factory(), new ThreadPoolExecutor.DiscardPolicy());

	/** From then on, a lookup of a published key does not block. */
	private volatile boolean known;

	private volatile boolean lastFetchSucceeded;

	/**
	 * @param properties the address, intervals and time-outs; {@code keysKept} must be
	 * longer than {@code keysFetchInterval} plus one fetch
	 * @param tls for connections to the issuer; {@code null} for the default of the JVM
	 * @param clock decides when keys are old; time-outs use the system clock
	 * @throws IllegalArgumentException if the address is not a URL
	 */
	public IssuerJwkSource(SecurityProperties properties, @Nullable SSLSocketFactory tls, InstantSource clock) {
		this.clock = clock;
		Duration interval = properties.keysFetchInterval();
		Duration fetchTimeout = CONNECT_TIMEOUT.plus(properties.keysTimeout());
		DefaultResourceRetriever http = new DefaultResourceRetriever((int) CONNECT_TIMEOUT.toMillis(),
				(int) properties.keysTimeout().toMillis(), MAX_SIZE, true, tls);
		this.keys = new RefreshAheadCachingJWKSetSource<>(
				new RateLimitedSource(new URLBasedJWKSetSource<>(url(properties.jwksUri()), http), interval),
				CENTURY.toMillis(), fetchTimeout.plusSeconds(1).toMillis(),
				CENTURY.minus(properties.keysKept()).plus(interval).toMillis(), false, this.background, true, null);
		// Keys are refreshed on lookup; this keeps them fresh while no tokens arrive.
		ScheduledFuture<?> _ = this.background.scheduleWithFixedDelay(this::known, interval.toMillis(),
				interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static URL url(URI uri) {
		try {
			return uri.toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException("The property sagamart.security.jwks-uri must be a URL", ex);
		}
	}

	/**
	 * Blocks until the issuer responds if no known key matches and a fetch is permitted.
	 * @throws KeySourceException if no keys are known, or if the last fetch failed, so
	 * that a missing key may exist
	 */
	@Override
	public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
		JWKSet published = keys(JWKSetCacheRefreshEvaluator.noRefresh());
		List<JWK> found = selector.select(published);
		if (!found.isEmpty()) {
			return found;
		}
		try {
			return selector.select(keys(JWKSetCacheRefreshEvaluator.referenceComparison(published)));
		}
		catch (RateLimitReachedException ex) {
			if (this.lastFetchSucceeded) {
				return found;
			}
			throw ex;
		}
	}

	/** Whether a known key matches. Never blocks. */
	boolean has(JWKSelector selector) {
		return !selector.select(known()).isEmpty();
	}

	private JWKSet known() {
		try {
			return this.known ? keys(JWKSetCacheRefreshEvaluator.noRefresh()) : EMPTY;
		}
		catch (KeySourceException ex) {
			throw new IllegalStateException("Reading cached keys must not fetch", ex);
		}
	}

	private JWKSet keys(JWKSetCacheRefreshEvaluator evaluator) throws KeySourceException {
		JWKSet published = this.keys.getJWKSet(evaluator, this.clock.millis(), null);
		this.known = true;
		return published;
	}

	/** Interrupts a running fetch. From then on, only known keys are returned. */
	@Override
	public void close() throws IOException {
		this.keys.close();
	}

	/** Not thread-safe: the cache calls it from one thread at a time. */
	private final class RateLimitedSource extends JWKSetSourceWrapper<SecurityContext> {

		private final Duration interval;

		private Instant lastFetch = Instant.EPOCH;

		private RateLimitedSource(JWKSetSource<SecurityContext> http, Duration interval) {
			super(http);
			this.interval = interval;
		}

		@Override
		public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
				throws KeySourceException {
			IssuerJwkSource source = IssuerJwkSource.this;
			if (source.clock.instant().isBefore(this.lastFetch.plus(source.known ? this.interval : FIRST_INTERVAL))) {
				throw new RateLimitReachedException();
			}
			source.lastFetchSucceeded = false;
			try {
				JWKSet published = getSource().getJWKSet(evaluator, now, context);
				source.lastFetchSucceeded = true;
				return published;
			}
			catch (KeySourceException ex) {
				logger.warn("Cannot fetch the keys of the token issuer: {}", ex.toString());
				throw ex;
			}
			finally {
				this.lastFetch = source.clock.instant();
			}
		}

	}

}
