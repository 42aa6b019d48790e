package dev.sagamart.users.secondfactor;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.util.encoders.Base32;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.crypto.keygen.BytesKeyGenerator;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.stereotype.Service;

/**
 * Adds and removes second factors of users, and checks their codes. The callers count
 * wrong codes.
 */
@Service
public class SecondFactors {

	/** How long a secret waits for its first code. */
	static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final Pattern TIMED = Pattern.compile("\\d{6}");

	private static final Pattern SEPARATORS = Pattern.compile("[\\s-]+");

	private static final BytesKeyGenerator SECRETS = KeyGenerators.secureRandom(TimedCodes.SECRET_BYTES);

	private final StoredFactors factors;

	private final EntityManager entities;

	private final OldRows unconfirmed;

	private final Accounts accounts;

	private final PersonalData personalData;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	SecondFactors(StoredFactors factors, EntityManager entities, JdbcTemplate jdbc, Accounts accounts,
			PersonalData personalData, ApplicationEventPublisher events, Clock clock) {
		this.factors = factors;
		this.entities = entities;
		this.unconfirmed = new OldRows(jdbc, "second_factor", "wanted_at");
		this.accounts = accounts;
		this.personalData = personalData;
		this.events = events;
		this.clock = clock;
	}

	/** The result of beginning the enrolment of a second factor. */
	public sealed interface Enrolment {

		/**
		 * The secret waits for its first code.
		 *
		 * @param secret from which the app makes codes, in base32
		 * @param email the account name for the app
		 */
		record Begun(String secret, String email) implements Enrolment {

			@Override
			public String toString() {
				return "Begun[…]";
			}

		}

		record Exists() implements Enrolment {
		}

	}

	/** The second factor of a user; empty if it still waits for its first code. */
	public Optional<SecondFactor> find(UUID userId) {
		return this.factors.findById(userId).filter(SecondFactor::isEnrolled);
	}

	/**
	 * Makes a secret, which waits ten minutes for its first code. It replaces a secret
	 * that is still waiting.
	 * @param tokenGeneration that was read with the password that the user gave
	 * @return empty, with nothing done, if the user was erased or all sessions have ended
	 * since
	 */
	public Optional<Enrolment> begin(UUID userId, long tokenGeneration) {
		return this.accounts.holding(userId, tokenGeneration, (user) -> {
			SecondFactor factor = this.factors.findById(userId).orElseGet(() -> new SecondFactor(userId));
			if (factor.isEnrolled()) {
				return new Enrolment.Exists();
			}
			byte[] secret = SECRETS.generateKey();
			factor.want(secret, this.personalData, this.clock.instant());
			this.entities.persist(factor);
			return new Enrolment.Begun(Base32.toBase32String(secret), user.email().text());
		});
	}

	/** The secret that waits for its first code, if there is one. */
	public Optional<SecondFactor> findWaiting(UUID userId) {
		return this.factors.findById(userId)
			.filter((factor) -> factor.hasWaitedSince(this.clock.instant().minus(PATIENCE)));
	}

	/**
	 * Puts the waiting secret into effect, in a transaction that {@link Accounts#holding
	 * holds} the user. All sessions of the user end.
	 * @param code the first one, of the app
	 * @return the recovery codes, which are known to nobody afterwards; empty if the code
	 * is wrong
	 */
	public Optional<List<String>> confirm(User user, SecondFactor waiting, String code) {
		return stepsOf(waiting, plain(code)).findFirst().map((step) -> {
			List<String> recoveryCodes = RecoveryCodes.make();
			waiting.enrol(step, recoveryCodes.stream().map(RecoveryCodes::hash).toList(), this.clock.instant());
			this.events.publishEvent(new SecondFactorChanged(user, true));
			return recoveryCodes;
		});
	}

	/**
	 * Checks and uses a code of the app or a recovery code, in a transaction that
	 * {@link Accounts#holding holds} the user.
	 * @param code as it was typed: blanks, hyphens, and small letters do not matter
	 * @return {@code false} if it is wrong, was used before, or is older than one that
	 * was
	 */
	public boolean accept(UUID userId, String code) {
		String plain = plain(code);
		return find(userId).filter((factor) -> TIMED.matcher(plain).matches()
				? stepsOf(factor, plain).anyMatch(factor::useStep) : factor.useRecoveryCode(RecoveryCodes.hash(plain)))
			.isPresent();
	}

	private Stream<Long> stepsOf(SecondFactor factor, String code) {
		return TimedCodes.stepsOf(factor.secret(this.personalData), code, this.clock.instant()).stream();
	}

	/**
	 * Removes the second factor of a user. All sessions of the user end.
	 * @param tokenGeneration that was read with the password that the user gave
	 * @return whether there was one; empty, with nothing done, if the user was erased or
	 * all sessions have ended since
	 */
	public Optional<Boolean> remove(UUID userId, long tokenGeneration) {
		return this.accounts.holding(userId, tokenGeneration, this::remove);
	}

	/**
	 * Removes the second factor of a user who has lost app and recovery codes, by an
	 * ADMIN.
	 * @return whether there was one; empty, with nothing done, if the caller is no ADMIN,
	 * or no longer
	 */
	public Optional<Boolean> removeAsAdmin(UUID callerId, UUID userId) {
		return this.accounts.asAdmin(callerId, userId, (user) -> user.map(this::remove).orElse(false));
	}

	private boolean remove(User user) {
		Optional<SecondFactor> factor = this.factors.findById(user.id());
		factor.ifPresent(this.factors::delete);
		boolean removed = factor.filter(SecondFactor::isEnrolled).isPresent();
		if (removed) {
			this.events.publishEvent(new SecondFactorChanged(user, false));
		}
		return removed;
	}

	@EventListener
	void forget(AccountErased erased) {
		this.factors.findById(erased.user().id()).ifPresent(this.factors::delete);
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		this.unconfirmed.removeUntil(this.clock.instant().minus(PATIENCE));
		this.factors.removeOfErased();
	}

	private static String plain(String code) {
		return SEPARATORS.matcher(code).replaceAll("").toUpperCase(Locale.ROOT);
	}

}
