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
 * How many requests may wait for the first byte of their answer. The number grows by one
 * with every quick answer while at least half of it is used, and shrinks by a tenth with
 * every slow one.
 *
 * @param minConcurrent more than what a single route may have under way, so that one slow
 * service does not stop the others
 * @param slow an answer that begins later than this is a slow one
 * @param anonymousReadPercent of the number that reads without a token may use; the rest
 * is for those who are about to buy
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
