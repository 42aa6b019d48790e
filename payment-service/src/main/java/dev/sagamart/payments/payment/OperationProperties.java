package dev.sagamart.payments.payment;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How operations are carried out. Each delay is shortened by a random part of up to half.
 *
 * @param lease how long an operation belongs to the instance that took it; must be longer
 * than the time limit of a call to the provider
 * @param pollInterval the time between two searches for due operations if nothing wakes
 * the loop earlier
 * @param firstDelay the delay before a call with an unknown outcome is repeated; it
 * doubles each time
 * @param maxDelay the maximum of that delay
 * @param refusedDelay the delay before a refused void or refund is repeated; it doubles
 * each time
 * @param maxRefusedDelay the maximum of that delay
 * @param notAskedDelay the delay before the next attempt if the provider was not reached
 */
@ConfigurationProperties("sagamart.payment.operations")
record OperationProperties(@DefaultValue("30s") Duration lease, @DefaultValue("500ms") Duration pollInterval,
		@DefaultValue("250ms") Duration firstDelay, @DefaultValue("20s") Duration maxDelay,
		@DefaultValue("30s") Duration refusedDelay, @DefaultValue("1h") Duration maxRefusedDelay,
		@DefaultValue("1s") Duration notAskedDelay) {

	Duration delayAfterUnknown(int attempts) {
		return exponential(attempts, this.firstDelay, this.maxDelay);
	}

	Duration delayAfterRefusal(int refusals) {
		return exponential(refusals, this.refusedDelay, this.maxRefusedDelay);
	}

	Duration delayAfterNotAsked() {
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
