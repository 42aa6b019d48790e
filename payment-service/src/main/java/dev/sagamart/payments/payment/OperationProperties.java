package dev.sagamart.payments.payment;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How operations are carried out. Waits get a jitter: between half and all of them.
 *
 * @param lease how long an operation belongs to the instance that took it; longer than
 * the overall time-out of the provider
 * @param pollInterval how often due operations are looked for without being woken
 * @param firstDelay before an unknown outcome is asked for again; doubles every time
 * @param maxDelay the most that it grows to
 * @param refusedDelay before a refused undo is asked for again; doubles every time
 * @param maxRefusedDelay the most that it grows to
 * @param notAskedDelay before the next try while the provider cannot be reached
 */
@ConfigurationProperties("sagamart.payment.operations")
record OperationProperties(@DefaultValue("30s") Duration lease, @DefaultValue("500ms") Duration pollInterval,
		@DefaultValue("250ms") Duration firstDelay, @DefaultValue("20s") Duration maxDelay,
		@DefaultValue("30s") Duration refusedDelay, @DefaultValue("1h") Duration maxRefusedDelay,
		@DefaultValue("1s") Duration notAskedDelay) {

	/** The wait after the n-th attempt whose outcome is unknown. */
	Duration afterUnknown(int attempts) {
		return exponential(attempts, this.firstDelay, this.maxDelay);
	}

	/** The wait after the n-th refusal. */
	Duration afterRefusal(int refusals) {
		return exponential(refusals, this.refusedDelay, this.maxRefusedDelay);
	}

	/** The wait while the provider cannot be reached. */
	Duration afterNotAsked() {
		return jitter(this.notAskedDelay.toMillis());
	}

	private static Duration exponential(int times, Duration first, Duration max) {
		long doubled = first.toMillis() << Math.clamp(times - 1L, 0, 20);
		return jitter(Math.min(doubled, max.toMillis()));
	}

	private static Duration jitter(long millis) {
		return Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.5, 1)));
	}

}
