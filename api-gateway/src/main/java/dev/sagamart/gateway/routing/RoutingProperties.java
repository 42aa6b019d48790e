package dev.sagamart.gateway.routing;

import dev.sagamart.platform.request.BodyLimit;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of what passes through. {@link TimeoutOrder} checks that each time-out is longer
 * than those that it contains.
 *
 * @param maxBodySize of a request
 * @param maxBodiesSize of all requests' bodies that are here at a time
 * @param maxBodiesSizeOfOne of those that come from one address, or from one user
 * @param bodyPace in which at least 1 KiB of a body has to come, or its end
 * @param routeTimeout from when a request is complete to the last byte of its answer,
 * repetitions included
 * @param clientTimeout in which a client has to send the head of a request, its body, and
 * to take each piece of the answer
 * @param maxConcurrent requests of one route that are under way at a time
 * @param maxStreams the same for a route with {@code streaming: true} in its metadata
 * @param maxPasswords the same for a route with {@code passwords: true}
 */
@Validated
@ConfigurationProperties("sagamart.gateway.routing")
record RoutingProperties(@NotNull @DefaultValue(BodyLimit.SIZE) DataSize maxBodySize,
		@NotNull @DefaultValue("64MB") DataSize maxBodiesSize,
		@NotNull @DefaultValue("4MB") DataSize maxBodiesSizeOfOne, @NotNull @DefaultValue("3s") Duration bodyPace,
		@NotNull @DefaultValue("8s") Duration routeTimeout, @NotNull @DefaultValue("10s") Duration clientTimeout,
		@Positive @DefaultValue("128") int maxConcurrent, @Positive @DefaultValue("256") int maxStreams,
		@Positive @DefaultValue("32") int maxPasswords, @NotNull @Valid @DefaultValue Breaker breaker,
		@NotNull @Valid @DefaultValue Retry retry) {

	/**
	 * When the calls of a route are given up for a while. Answers from 500 on are
	 * failures, and so are calls without an answer.
	 *
	 * @param failurePercent of the calls in the window that opens the circuit
	 * @param slowCall a call whose answer begins later than this is slow
	 * @param slowPercent of the calls in the window that opens the circuit
	 * @param minimumCalls in the window, before it says anything
	 * @param openFor how long there are no calls, before a few are tried
	 * @param trialCalls how many are tried
	 */
	record Breaker(@Positive @Max(100) @DefaultValue("50") int failurePercent,
			@NotNull @DefaultValue("3s") Duration slowCall, @Positive @Max(100) @DefaultValue("80") int slowPercent,
			@NotNull @DefaultValue("10s") Duration window, @Positive @DefaultValue("20") int minimumCalls,
			@NotNull @DefaultValue("5s") Duration openFor, @Positive @DefaultValue("5") int trialCalls) {
	}

	/**
	 * How reads that failed on their way are tried again.
	 *
	 * @param attempts beyond the first
	 * @param backoff before the first repetition; doubles with each, and up to half of it
	 * is added by chance
	 * @param budgetPercent how many repetitions there may be for every hundred requests
	 * of a route
	 */
	record Retry(@PositiveOrZero @DefaultValue("2") int attempts, @NotNull @DefaultValue("50ms") Duration backoff,
			@PositiveOrZero @Max(100) @DefaultValue("20") int budgetPercent) {
	}

}
