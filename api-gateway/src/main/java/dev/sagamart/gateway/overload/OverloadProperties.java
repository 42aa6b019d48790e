package dev.sagamart.gateway.overload;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The limit for requests that wait for the first byte of their response. The limit grows
 * by one with every fast response while at least half of it is used, and shrinks by a
 * tenth with every slow one.
 *
 * @param minConcurrent more than the bulkhead of a single route permits, so that one slow
 * service does not block the others
 * @param slow the duration after which the start of a response counts as slow
 * @param anonymousReadPercent the share of the limit that reads without a token may use;
 * the rest is reserved for customers who are about to buy
 */
@Validated
@ConfigurationProperties("sagamart.gateway.overload")
record OverloadProperties(@Positive @DefaultValue("192") int minConcurrent,
		@Positive @DefaultValue("384") int initialConcurrent, @Positive @DefaultValue("1024") int maxConcurrent,
		@NotNull @DefaultValue("1s") Duration slow, @Positive @Max(100) @DefaultValue("80") int anonymousReadPercent) {

	@AssertTrue(message = "minConcurrent <= initialConcurrent <= maxConcurrent must hold")
	boolean isInOrder() {
		return this.minConcurrent <= this.initialConcurrent && this.initialConcurrent <= this.maxConcurrent;
	}

}
