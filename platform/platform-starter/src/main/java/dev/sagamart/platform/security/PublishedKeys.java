package dev.sagamart.platform.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that the issuer publishes: fetched when the first token comes, again when they
 * are old, and again when a token names one that is not among them, but never twice
 * within an interval, so that a flood of invented key ids costs the issuer nothing. While
 * the issuer is away, the keys that are known go on.
 */
class PublishedKeys implements JWKSource<SecurityContext> {

	private static final Logger log = LoggerFactory.getLogger(PublishedKeys.class);

	/** While nobody can be let in at all, the issuer is asked more often. */
	private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);

	private final Issuer issuer;

	private final Duration kept;

	private final Duration interval;

	private final Clock clock;

	private final ReentrantLock fetching = new ReentrantLock();

	private volatile @Nullable JWKSet keys;

	private volatile Instant fetchedAt = Instant.EPOCH;

	private volatile Instant triedAt = Instant.EPOCH;

	PublishedKeys(Issuer issuer, Duration kept, Duration interval, Clock clock) {
		this.issuer = issuer;
		this.kept = kept;
		this.interval = interval;
		this.clock = clock;
	}

	/** Tells its keys as a JSON Web Key Set. */
	@FunctionalInterface
	interface Issuer {

		String keys() throws IOException;

	}

	@Override
	public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
		List<JWK> found = select(selector);
		if (!found.isEmpty() && !isPast(this.fetchedAt, this.kept)) {
			return found;
		}
		if (isPast(this.triedAt, interval()) && lock(found.isEmpty())) {
			try {
				if (isPast(this.triedAt, interval())) {
					fetch();
				}
			}
			finally {
				this.fetching.unlock();
			}
		}
		if (this.keys == null) {
			throw new KeySourceException("The keys of the issuer are not known yet");
		}
		return select(selector);
	}

	private List<JWK> select(JWKSelector selector) {
		JWKSet known = this.keys;
		return (known != null) ? selector.select(known) : List.of();
	}

	private Duration interval() {
		return (this.keys != null) ? this.interval : FIRST_INTERVAL;
	}

	/**
	 * Who needs new keys waits while another fetches them; who has an old one does not.
	 */
	private boolean lock(boolean needed) {
		if (needed) {
			this.fetching.lock();
			return true;
		}
		return this.fetching.tryLock();
	}

	private void fetch() {
		try {
			this.keys = JWKSet.parse(this.issuer.keys());
			this.fetchedAt = this.clock.instant();
		}
		catch (IOException | ParseException ex) {
			log.warn("The keys of the issuer cannot be fetched: {}", ex.toString());
		}
		finally {
			this.triedAt = this.clock.instant();
		}
	}

	private boolean isPast(Instant instant, Duration time) {
		return !this.clock.instant().isBefore(instant.plus(time));
	}

}
