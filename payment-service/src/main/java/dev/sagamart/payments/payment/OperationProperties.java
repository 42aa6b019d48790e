package dev.sagamart.payments.payment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How operations are carried out.
 *
 * @param lease how long an operation belongs to the worker that took it; longer than the
 * overall time-out of the provider
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
}
