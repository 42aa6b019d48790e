package dev.sagamart.users.secondfactor;

import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base32;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Gives users a second factor, takes it from them, and tells whether a code is good.
 * Wrong codes are counted by whoever asks.
 */
@Service
public class SecondFactors {

	/** For how long a secret waits for its first code. */
	static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final Pattern TIMED = Pattern.compile("\\d{6}");

	private static final Pattern SEPARATORS = Pattern.compile("[\\s-]+");

	private static final SecureRandom RANDOM = new SecureRandom();

	private final SecondFactorRepository factors;

	private final Accounts accounts;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	SecondFactors(SecondFactorRepository factors, Accounts accounts, ApplicationEventPublisher events, Clock clock) {
		this.factors = factors;
		this.accounts = accounts;
		this.events = events;
		this.clock = clock;
	}

	/** What somebody has; empty if it still waits for its first code. */
	public Optional<SecondFactor> find(UUID userId) {
		return this.factors.find(userId);
	}

	/**
	 * Makes a secret, which waits ten minutes for its first code. One that waits already
	 * is worth nothing any more.
	 * @param tokenGeneration that was read with the password that the user gave
	 * @return empty, with nothing done, if the user was erased or all sessions have ended
	 * since
	 */
	public Optional<Enrolment> begin(UUID userId, long tokenGeneration) {
		return this.accounts.holding(userId, tokenGeneration, (user) -> {
			byte[] secret = new byte[TimedCodes.SECRET_BYTES];
			RANDOM.nextBytes(secret);
			return this.factors.want(userId, secret, this.clock.instant())
					? new Enrolment.Begun(Base32.toBase32String(secret), user.email()) : new Enrolment.Exists();
		});
	}

	/** Whether there is a secret that waits for its first code. */
	public boolean waits(UUID userId) {
		return this.factors.findWanted(userId, this.clock.instant().minus(PATIENCE)).isPresent();
	}

	/**
	 * Makes the secret that waits the user's second factor, in a transaction that
	 * {@link Accounts#holding holds} the user. All sessions end by that.
	 * @param code the first one, of the app
	 * @return the recovery codes, which are known to nobody afterwards; empty if the code
	 * is wrong
	 */
	public Optional<List<String>> confirm(User user, String code) {
		return this.factors.findWanted(user.id(), this.clock.instant().minus(PATIENCE))
			.flatMap((secret) -> TimedCodes.stepsOf(secret, plain(code), this.clock.instant()).stream().findFirst())
			.map((step) -> {
				List<String> recoveryCodes = RecoveryCodes.make();
				this.factors.enrol(user.id(), step, recoveryCodes.stream().map(RecoveryCodes::hash).toList(),
						this.clock.instant());
				this.events.publishEvent(new SecondFactorChanged(user, true));
				return recoveryCodes;
			});
	}

	/**
	 * Uses up a code of the app, or a recovery code.
	 * @param code as it was typed: blanks, hyphens, and small letters do not matter
	 * @return {@code false} if it is wrong, was used before, or is older than one that
	 * was
	 */
	public boolean accept(UUID userId, String code) {
		String plain = plain(code);
		if (!TIMED.matcher(plain).matches()) {
			return this.factors.useRecoveryCode(userId, RecoveryCodes.hash(plain));
		}
		return this.factors.findSecret(userId)
			.stream()
			.flatMap((secret) -> TimedCodes.stepsOf(secret, plain, this.clock.instant()).stream())
			.anyMatch((step) -> this.factors.useStep(userId, step));
	}

	/**
	 * Takes a user's second factor away. All sessions end by that.
	 * @param tokenGeneration that was read with the password that the user gave
	 * @return whether there was one; empty, with nothing done, if the user was erased or
	 * all sessions have ended since
	 */
	public Optional<Boolean> remove(UUID userId, long tokenGeneration) {
		return this.accounts.holding(userId, tokenGeneration, this::remove);
	}

	/**
	 * The same for somebody who has lost app and recovery codes, by an ADMIN.
	 * @return whether there was one; empty, with nothing done, if the caller is no ADMIN,
	 * or no longer
	 */
	public Optional<Boolean> removeAsAdmin(UUID callerId, UUID userId) {
		return this.accounts.asAdmin(callerId, userId, (user) -> user.map(this::remove).orElse(false));
	}

	private boolean remove(User user) {
		boolean removed = this.factors.remove(user.id());
		if (removed) {
			this.events.publishEvent(new SecondFactorChanged(user, false));
		}
		return removed;
	}

	@EventListener
	void forget(AccountErased erased) {
		this.factors.remove(erased.userId());
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void removeOld() {
		this.factors.removeWantedUntil(this.clock.instant().minus(PATIENCE));
		this.factors.removeOfErased();
	}

	private static String plain(String code) {
		return SEPARATORS.matcher(code).replaceAll("").toUpperCase(Locale.ROOT);
	}

}
