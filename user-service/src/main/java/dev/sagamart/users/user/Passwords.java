package dev.sagamart.users.user;

import dev.sagamart.platform.web.BusyException;
import java.text.Normalizer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes and checks passwords with Argon2id (19 MiB, two passes). Each takes memory and a
 * core for some tens of milliseconds, so only a few run at once. Whoever waits too long,
 * or would, gets a {@link BusyException}.
 */
@Component
public class Passwords {

	private static final int KIBIBYTES = 19 * 1024;

	/** The part of the heap that hashes may fill together. */
	private static final int PART_OF_HEAP = 4;

	/**
	 * Who comes after so many for each that may run would wait for longer than they do.
	 */
	private static final int QUEUE = 64;

	private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, KIBIBYTES, 2);

	private final Semaphore running;

	private final int longestQueue;

	private final Duration patience;

	/** The hash of no password, which is checked if the account does not exist. */
	private final String dummy = this.encoder.encode("nobody has this password");

	@Autowired
	Passwords(PasswordProperties properties) {
		this(atOnce(Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory()),
				properties.patience());
	}

	/**
	 * A core is left to everything else. A container sees all cores of its node, but has
	 * little memory: that many hashes at once would end it.
	 */
	static int atOnce(int processors, long heap) {
		return Math.toIntExact(Math.clamp(heap / PART_OF_HEAP / (KIBIBYTES * 1024L), 1, Math.max(1, processors - 1)));
	}

	/** Hashes so many passwords at once; the others wait for no longer than that. */
	Passwords(int permits, Duration patience) {
		this.running = new Semaphore(permits, true);
		this.longestQueue = permits * QUEUE;
		this.patience = patience;
	}

	public String hash(String password) {
		return limited(() -> this.encoder.encode(normalised(password)));
	}

	/**
	 * Whether a password is the right one. Takes as long without a hash as with one.
	 * @param hash {@code null} if there is no such account
	 */
	public boolean matches(String password, @Nullable String hash) {
		boolean matches = limited(() -> this.encoder.matches(normalised(password), (hash != null) ? hash : this.dummy));
		return matches && hash != null;
	}

	/** The same password typed on another keyboard is the same password. */
	private static String normalised(String password) {
		return Normalizer.normalize(password, Normalizer.Form.NFKC);
	}

	private <T> T limited(Supplier<T> work) {
		try {
			if (this.running.getQueueLength() > this.longestQueue
					|| !this.running.tryAcquire(this.patience.toMillis(), TimeUnit.MILLISECONDS)) {
				throw busy();
			}
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
			throw busy();
		}
		try {
			return work.get();
		}
		finally {
			this.running.release();
		}
	}

	private static BusyException busy() {
		return new BusyException("Too many passwords at once");
	}

}
