package dev.sagamart.payments.payment;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential waits with jitter: between half and all of the doubled delay. */
final class Backoff {

	private Backoff() {
	}

	/**
	 * The wait after an attempt.
	 * @param attempt the number of the attempt that came to nothing, from one
	 */
	static Duration after(int attempt, Duration first, Duration max, RandomGenerator random) {
		long doubled = first.toMillis() << Math.clamp(attempt - 1L, 0, 20);
		return jitter(Duration.ofMillis(Math.min(doubled, max.toMillis())), random);
	}

	static Duration jitter(Duration wait, RandomGenerator random) {
		return Duration.ofMillis((long) (wait.toMillis() * random.nextDouble(0.5, 1)));
	}

}
