package dev.sagamart.gateway.routing;

import dev.sagamart.platform.request.BodyLimit;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits for requests and responses. {@link TimeoutOrderCheck} verifies that each
 * time-out is longer than those that it contains.
 *
 * @param maxBodySize of one request
 * @param maxBodiesSize of all request bodies in memory
 * @param maxBodiesSizeOfOne of all request bodies in memory from one address, and from
 * one user
 * @param bodyPace the interval in which a client has to send at least 1 KiB of a body, or
 * its end
 * @param routeTimeout from the end of the request to the last byte of the response,
 * retries included
 * @param clientTimeout for a client to send the head of a request, to send its body, and
 * to read each part of the response
 */
@Validated
@ConfigurationProperties("sagamart.gateway.routing")
record RoutingProperties(@NotNull @DefaultValue(BodyLimit.SIZE) DataSize maxBodySize,
		@NotNull @DefaultValue("64MB") DataSize maxBodiesSize,
		@NotNull @DefaultValue("4MB") DataSize maxBodiesSizeOfOne, @NotNull @DefaultValue("3s") Duration bodyPace,
		@NotNull @DefaultValue("8s") Duration routeTimeout, @NotNull @DefaultValue("10s") Duration clientTimeout,
		@NotNull @Valid @DefaultValue Retry retry) {

	/**
	 * How reads with a transient failure are retried.
	 *
	 * @param attempts beyond the first
	 * @param backoff before the first retry; it doubles with each retry, plus a random
	 * part of up to half of it
	 * @param budgetPercent how many retries are permitted for every hundred requests of a
	 * route
	 */
	record Retry(@PositiveOrZero @DefaultValue("2") int attempts, @NotNull @DefaultValue("50ms") Duration backoff,
			@PositiveOrZero @Max(100) @DefaultValue("20") int budgetPercent) {
	}

}
