package dev.sagamart.platform.tokens;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
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
 * The keys that the issuer publishes: fetched when the first token comes, again before
 * they are old, behind the requests, and again when a token names one that is not among
 * them, but never twice within an interval, so that a flood of invented key ids costs the
 * issuer nothing. While the issuer is away, the keys that are known go on.
 * <p>
 * The cache is the one of {@code JWKSourceBuilder}. Two of the builder's parts are left
 * out. Its outage tolerance takes a failed fetch for a good one, so a withdrawn key would
 * live on for as long as keys are kept after the issuer is back; here the cache itself
 * keeps the keys, and its refresh ahead, which is tried again after a failure, begins
 * when they get old. Its rate limit lets two fetches through in an interval, and would
 * make a service that starts before the issuer refuse everybody for that long.
 */
public final class PublishedKeys implements JWKSource<SecurityContext>, Closeable {

	private static final Logger log = LoggerFactory.getLogger(PublishedKeys.class);

	/** For how long known keys go on without the issuer. */
	private static final Duration CENTURY = Duration.ofDays(36_500);

	/** While nobody can be let in at all, the issuer is asked more often. */
	private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	private static final int MAX_SIZE = 64 * 1024;

	private static final JWKSet NONE = new JWKSet();

	private final JWKSetSource<SecurityContext> keys;

	private final InstantSource clock;

	/** A virtual thread's wait for an answer can be ended. */
	private final ScheduledExecutorService background = new ScheduledThreadPoolExecutor(1,
			Thread.ofVirtual().name("published-keys").factory(), new ThreadPoolExecutor.DiscardPolicy());

	/** From then on nobody who asks for a key that is published has to wait. */
	private volatile boolean known;

	/** Whether the issuer answered when it was asked last. */
	private volatile boolean answered;

	/**
	 * @param properties where, how often and for how long; {@code keysKept} has to be
	 * longer than {@code keysFetchInterval} and one fetch together
	 * @param tls with which the issuer is asked; {@code null} for the JVM's own
	 * @param clock of what is old; time-outs follow the system
	 * @throws IllegalArgumentException if the address is no URL
	 */
	public PublishedKeys(SecurityProperties properties, @Nullable SSLSocketFactory tls, InstantSource clock) {
		this.clock = clock;
		Duration interval = properties.keysFetchInterval();
		Duration aFetch = CONNECT_TIMEOUT.plus(properties.keysTimeout());
		DefaultResourceRetriever http = new DefaultResourceRetriever((int) CONNECT_TIMEOUT.toMillis(),
				(int) properties.keysTimeout().toMillis(), MAX_SIZE, true, tls);
		this.keys = new RefreshAheadCachingJWKSetSource<>(
				new Issuer(new URLBasedJWKSetSource<>(url(properties.jwksUri()), http), interval), CENTURY.toMillis(),
				aFetch.plusSeconds(1).toMillis(), CENTURY.minus(properties.keysKept()).plus(interval).toMillis(), false,
				this.background, true, null);
		// As a token would: keys get no older than that while none comes.
		ScheduledFuture<?> _ = this.background.scheduleWithFixedDelay(this::known, interval.toMillis(),
				interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static URL url(URI uri) {
		try {
			return uri.toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException("Not a URL: sagamart.security.jwks-uri", ex);
		}
	}

	/**
	 * Waits for the issuer if there is no such key yet and it may be asked again.
	 * @throws KeySourceException if it cannot be told, because no keys are known, or
	 * because the issuer did not answer when it was asked for this one
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
			if (this.answered) {
				return found;
			}
			throw ex;
		}
	}

	/** Whether there is such a key, as far as is known. Never waits. */
	boolean has(JWKSelector selector) {
		return !selector.select(known()).isEmpty();
	}

	private JWKSet known() {
		try {
			return this.known ? keys(JWKSetCacheRefreshEvaluator.noRefresh()) : NONE;
		}
		catch (KeySourceException ex) {
			throw new IllegalStateException("What is known needs no fetch", ex);
		}
	}

	private JWKSet keys(JWKSetCacheRefreshEvaluator evaluator) throws KeySourceException {
		JWKSet published = this.keys.getJWKSet(evaluator, this.clock.millis(), null);
		this.known = true;
		return published;
	}

	/** Ends a fetch that is under way; who asks from then on gets what is known. */
	@Override
	public void close() throws IOException {
		this.keys.close();
	}

	/** Asked by one thread at a time: the cache sees to that. */
	private final class Issuer implements JWKSetSource<SecurityContext> {

		private final JWKSetSource<SecurityContext> http;

		private final Duration interval;

		private Instant triedAt = Instant.EPOCH;

		private Issuer(JWKSetSource<SecurityContext> http, Duration interval) {
			this.http = http;
			this.interval = interval;
		}

		@Override
		public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
				throws KeySourceException {
			PublishedKeys all = PublishedKeys.this;
			if (all.clock.instant().isBefore(this.triedAt.plus(all.known ? this.interval : FIRST_INTERVAL))) {
				throw new RateLimitReachedException();
			}
			all.answered = false;
			try {
				JWKSet published = this.http.getJWKSet(evaluator, now, context);
				all.answered = true;
				return published;
			}
			catch (KeySourceException ex) {
				log.warn("The keys of the issuer cannot be fetched: {}", ex.toString());
				throw ex;
			}
			finally {
				this.triedAt = all.clock.instant();
			}
		}

		@Override
		public void close() throws IOException {
			this.http.close();
		}

	}

}
