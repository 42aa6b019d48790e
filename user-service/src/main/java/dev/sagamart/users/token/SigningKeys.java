package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.sagamart.platform.encryption.MasterKey;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys that tokens are signed with. They rotate with an overlap: a new key is
 * published before it signs, and an old key until the last token that it signed has
 * expired. Every instance reads them at start and regularly, so that all sign with the
 * same key at the same time. The first instance that finds a change due makes it, under a
 * lock. Private keys that were encrypted with the previous master key are encrypted again
 * at start.
 */
@Component
public class SigningKeys implements JWKSource<SecurityContext> {

	private static final int KEY_BITS = 2048;

	private final StoredKeys stored;

	private final EntityManager entities;

	private final MasterKey masterKey;

	private final SigningKeyProperties properties;

	private final Duration tokenLife;

	private final TransactionTemplate transaction;

	private final Clock clock;

	/** In the order in which they sign. */
	private volatile List<SigningKey> keys = List.of();

	SigningKeys(StoredKeys stored, EntityManager entities, MasterKey masterKey, SigningKeyProperties properties,
			TokenProperties tokens, TransactionTemplate transaction, Clock clock) {
		this.stored = stored;
		this.entities = entities;
		this.masterKey = masterKey;
		this.properties = properties;
		this.tokenLife = tokens.accessTokenLife();
		this.transaction = transaction;
		this.clock = clock;
		takeTurns();
		transaction.executeWithoutResult((status) -> {
			stored.lock();
			stored.findByOrderBySignsFromAscIdAsc().forEach((key) -> key.encryptAnew(masterKey));
		});
	}

	/**
	 * A key pair.
	 *
	 * @param signsFrom until the next key does
	 */
	public record SigningKey(RSAKey pair, Instant signsFrom) {

		public String id() {
			return this.pair.getKeyID();
		}

		@Override
		public String toString() {
			return "SigningKey[" + id() + "]";
		}

	}

	RSAKey current() {
		Instant now = this.clock.instant();
		List<SigningKey> known = this.keys;
		return known.stream()
			.filter((key) -> !key.signsFrom().isAfter(now))
			.reduce((_, later) -> later)
			.orElseGet(known::getFirst)
			.pair();
	}

	public JWKSet published() {
		return all().toPublicJWKSet();
	}

	/** How long clients may cache the published keys. */
	public Duration cached() {
		return this.properties.cached();
	}

	@Override
	public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
		return selector.select(all());
	}

	private JWKSet all() {
		return new JWKSet(this.keys.stream().<JWK>map(SigningKey::pair).toList());
	}

	/** Makes and removes keys when that is due, and reads them. */
	@Scheduled(fixedDelayString = "${sagamart.signing-keys.read-interval:1m}",
			initialDelayString = "${sagamart.signing-keys.read-interval:1m}")
	final synchronized void takeTurns() {
		List<StoredKey> stored = this.stored.findByOrderBySignsFromAscIdAsc();
		if (isNextDue(stored) || !outlived(stored).isEmpty()) {
			stored = change(this::isNextDue);
		}
		use(stored);
	}

	/**
	 * Makes the next key now. Does nothing if a published key does not sign yet.
	 * @return the key that signs next
	 */
	public synchronized SigningKey rotate() {
		use(change((locked) -> !locked.getLast().signsFrom().isAfter(this.clock.instant())));
		return this.keys.getLast();
	}

	private List<StoredKey> change(Predicate<List<StoredKey>> isNextWanted) {
		// Before the lock, because on a busy machine it takes longer than the lock
		// time-out.
		RSAKey pair = newPair();
		return this.transaction.execute((status) -> {
			this.stored.lock();
			List<StoredKey> locked = this.stored.findByOrderBySignsFromAscIdAsc();
			if (isNextWanted.test(locked)) {
				Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
				this.entities.persist(new StoredKey(pair, this.masterKey, now,
						locked.isEmpty() ? now : now.plus(this.properties.publishedAhead())));
			}
			outlived(locked).forEach(this.entities::remove);
			return this.stored.findByOrderBySignsFromAscIdAsc();
		});
	}

	private boolean isNextDue(List<StoredKey> stored) {
		return stored.isEmpty() || !this.clock.instant()
			.isBefore(stored.getLast()
				.signsFrom()
				.plus(this.properties.signingLife())
				.minus(this.properties.publishedAhead()));
	}

	/** Keys whose last token has expired, even if clocks are some minutes wrong. */
	private List<StoredKey> outlived(List<StoredKey> stored) {
		Instant now = this.clock.instant();
		return IntStream.range(0, stored.size() - 1)
			.filter((index) -> stored.get(index + 1)
				.signsFrom()
				.plus(this.tokenLife)
				.plus(this.properties.publishedAhead())
				.isBefore(now))
			.mapToObj(stored::get)
			.toList();
	}

	private void use(List<StoredKey> stored) {
		this.keys = stored.stream().map((key) -> new SigningKey(key.pair(this.masterKey), key.signsFrom())).toList();
	}

	private static RSAKey newPair() {
		try {
			return new RSAKeyGenerator(KEY_BITS).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
