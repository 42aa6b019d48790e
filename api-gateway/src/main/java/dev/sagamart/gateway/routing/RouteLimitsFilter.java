package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.platform.problem.Problem;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
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
 * Keeps a slow service from taking the places of all others: each route has a number of
 * requests that may be under way, to the last byte of their answers, and nobody waits for
 * a place. A service that began to answer and then stopped keeps none for long: the
 * response time-out of a route only covers the wait for the first byte. Routes with
 * {@code streaming: true} in their metadata may take as long as they like.
 */
@EdgeFilter
@Order(EdgeFilter.ROUTE_LIMITS)
class RouteLimitsFilter implements GlobalFilter {

	private final BulkheadRegistry bulkheads = BulkheadRegistry.ofDefaults();

	private final RoutingProperties properties;

	private final MeterRegistry meters;

	RouteLimitsFilter(RoutingProperties properties, MeterRegistry meters) {
		this.properties = properties;
		this.meters = meters;
		TaggedBulkheadMetrics.ofBulkheadRegistry(this.bulkheads).bindTo(meters);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		Bulkhead bulkhead = this.bulkheads.bulkhead(route.getId(), () -> config(route));
		return Mono.defer(() -> {
			if (!bulkhead.tryAcquirePermission()) {
				refused(route.getId()).increment();
				return Mono.error(new ProblemException(Problem.SERVICE_UNAVAILABLE,
						"The route " + route.getId() + " is full", null));
			}
			Mono<Void> answer = chain.filter(exchange);
			return (isStreaming(route) ? answer : answer.timeout(this.properties.routeTimeout(), tooLate()))
				.doFinally((signal) -> bulkhead.onComplete());
		});
	}

	private static boolean isStreaming(Route route) {
		return Boolean.TRUE.equals(route.getMetadata().get("streaming"));
	}

	private Mono<Void> tooLate() {
		return Mono.error(() -> new ProblemException(EdgeProblem.GATEWAY_TIMEOUT,
				"No complete answer within " + this.properties.routeTimeout(), null));
	}

	private BulkheadConfig config(Route route) {
		int places = isStreaming(route) ? this.properties.maxStreams()
				: RequestShape.isPasswordWork(route) ? this.properties.maxPasswords() : this.properties.maxConcurrent();
		return BulkheadConfig.custom()
			.maxConcurrentCalls(places)
			.maxWaitDuration(Duration.ZERO)
			.writableStackTraceEnabled(false)
			.build();
	}

	private Counter refused(String route) {
		return Counter.builder("sagamart.gateway.bulkhead.refused")
			.description("Requests that found their route full")
			.tag("route", route)
			.register(this.meters);
	}

}
