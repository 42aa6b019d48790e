package dev.sagamart.gateway.routing;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of what passes through.
 *
 * @param maxBodySize of a request
 * @param routeTimeout from the first byte of a request to the last of its answer; longer
 * than the response time-out of a route, shorter than that of the clients
 */
@Validated
@ConfigurationProperties("sagamart.gateway.routing")
record RoutingProperties(@NotNull @DefaultValue("1MB") DataSize maxBodySize,
		@NotNull @DefaultValue("8s") Duration routeTimeout) {
}
