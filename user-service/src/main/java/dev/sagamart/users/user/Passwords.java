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
 * Hashes and checks passwords with Argon2id (19 MiB, two passes). Each hash uses memory
 * and a core for some tens of milliseconds, so only a few run at once. A request that
 * waits too long, or would, gets a {@link BusyException}.
 */
@Component
public class Passwords {

	private static final int KIBIBYTES = 19 * 1024;

	/** The fraction of the heap for all concurrent hashes: one in this many parts. */
	private static final int PART_OF_HEAP = 4;

	/**
	 * The length of the queue for each concurrent hash; a longer one would exceed the
	 * wait.
	 */
	private static final int QUEUE = 64;

	private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, KIBIBYTES, 2);

	private final Semaphore running;

	private final int longestQueue;

	private final Duration patience;

	/** The hash that is checked if the account does not exist. */
	private final String dummy = this.encoder.encode("nobody has this password");

	@Autowired
	Passwords(PasswordProperties properties) {
		this(atOnce(Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory()),
				properties.patience());
	}

	/**
	 * Leaves one core for everything else. The heap counts too, because a container sees
	 * all cores of its node but has little memory.
	 */
	static int atOnce(int processors, long heap) {
		return Math.toIntExact(Math.clamp(heap / PART_OF_HEAP / (KIBIBYTES * 1024L), 1, Math.max(1, processors - 1)));
	}

	/** Allows a number of concurrent hashes; other requests wait up to a duration. */
	Passwords(int permits, Duration patience) {
		this.running = new Semaphore(permits, true);
		this.longestQueue = permits * QUEUE;
		this.patience = patience;
	}

	public String hash(String password) {
		return limited(() -> this.encoder.encode(normalised(password)));
	}

	/**
	 * Whether a password is right. Takes the same time without a hash.
	 * @param hash {@code null} if there is no such account
	 */
	public boolean matches(String password, @Nullable String hash) {
		boolean matches = limited(() -> this.encoder.matches(normalised(password), (hash != null) ? hash : this.dummy));
		return matches && hash != null;
	}

	/** Makes the same password from different keyboards equal. */
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
