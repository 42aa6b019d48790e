package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Prevents a slow service from blocking the others. Each route has a bulkhead, which
 * limits the requests that are in progress until the last byte of their response, without
 * waiting. The time-out covers the complete response, unlike the response time-out of the
 * HTTP client, which only covers the wait for the first byte. Routes with
 * {@code streaming: true} in their metadata have no time-out.
 */
@EdgeFilter
@Order(EdgeFilter.ROUTE_LIMITS)
class RouteLimitsFilter implements GlobalFilter {

	private final BulkheadRegistry bulkheads;

	private final Duration timeout;

	private final MeterRegistry meters;

	RouteLimitsFilter(RoutingProperties properties, BulkheadRegistry bulkheads, MeterRegistry meters) {
		this.timeout = properties.routeTimeout();
		this.bulkheads = bulkheads;
		this.meters = meters;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		Bulkhead bulkhead = this.bulkheads.bulkhead(route.getId(), configurationOf(route));
		return Mono.defer(() -> {
			if (!bulkhead.tryAcquirePermission()) {
				refusedCounter(route.getId()).increment();
				return Mono.error(ProblemException.of(Problem.SERVICE_UNAVAILABLE,
						"The bulkhead of the route " + route.getId() + " is full"));
			}
			Mono<Void> response = chain.filter(exchange);
			return (isStreaming(route) ? response : response.timeout(this.timeout, timedOut()))
				.doFinally((signal) -> bulkhead.onComplete());
		});
	}

	private static boolean isStreaming(Route route) {
		return Boolean.TRUE.equals(route.getMetadata().get("streaming"));
	}

	private Mono<Void> timedOut() {
		return Mono.error(() -> ProblemException.of(EdgeProblem.GATEWAY_TIMEOUT,
				"The service sent no complete response within " + this.timeout));
	}

	private static String configurationOf(Route route) {
		return isStreaming(route) ? "streaming" : RequestTraits.hashesPassword(route) ? "passwords" : "default";
	}

	private Counter refusedCounter(String route) {
		return Counter.builder("sagamart.gateway.bulkhead.refused")
			.description("Requests that were refused because the bulkhead of their route was full")
			.tag("route", route)
			.register(this.meters);
	}

}
