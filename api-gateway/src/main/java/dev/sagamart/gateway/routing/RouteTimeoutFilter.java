package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.problem.ProblemException;
import java.time.Duration;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Ends a request whose service began to answer and then stopped: the response time-out of
 * a route only covers the wait for the first byte. Routes with {@code streaming: true} in
 * their metadata may take as long as they like.
 */
@EdgeFilter
@Order(EdgeFilter.ROUTE_TIMEOUT)
class RouteTimeoutFilter implements GlobalFilter {

	private final Duration timeout;

	RouteTimeoutFilter(RoutingProperties properties) {
		this.timeout = properties.routeTimeout();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		if (isStreaming(route)) {
			return chain.filter(exchange);
		}
		return chain.filter(exchange)
			.timeout(this.timeout, Mono.error(() -> new ProblemException(EdgeProblem.GATEWAY_TIMEOUT,
					"No complete answer within " + this.timeout, null)));
	}

	static boolean isStreaming(Route route) {
		return Boolean.TRUE.equals(route.getMetadata().get("streaming"));
	}

}
