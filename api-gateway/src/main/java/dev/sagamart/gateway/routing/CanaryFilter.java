package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.declaration.DeclaredServices;
import dev.sagamart.gateway.forwarding.ClientAddress;
import dev.sagamart.gateway.routing.CanaryProperties.Canary;
import dev.sagamart.gateway.security.Caller;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sends some callers to the new version of a service, each of them always: the gateway's
 * own weight predicate throws a die for every request. It swaps the route for one with an
 * id of its own before anything else looks at it, so that limits, breakers and figures of
 * the new version are its own too.
 */
@EdgeFilter
@Order(EdgeFilter.CANARY)
class CanaryFilter implements GlobalFilter {

	private static final String SERVICE = "service";

	private static final String HEADER = "X-Canary";

	private final Map<String, Canary> canaries;

	private final ClientAddress clientAddress;

	private final Map<String, Route> routes = new ConcurrentHashMap<>();

	CanaryFilter(CanaryProperties properties, DeclaredServices declared, ClientAddress clientAddress) {
		this.canaries = properties.canary();
		this.clientAddress = clientAddress;
		Set<String> services = declared.routed().keySet();
		if (!services.containsAll(this.canaries.keySet())) {
			throw new IllegalStateException(
					"There are canaries of " + this.canaries.keySet() + ", but there are only routes to " + services);
		}
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		String service = Objects.toString(route.getMetadata().get(SERVICE));
		Canary canary = this.canaries.get(service);
		if (canary != null && takes(canary, service, exchange)) {
			exchange.getAttributes()
				.put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR,
						this.routes.computeIfAbsent(route.getId(), (id) -> canaryOf(route, canary)));
		}
		return chain.filter(exchange);
	}

	private boolean takes(Canary canary, String service, ServerWebExchange exchange) {
		String wish = canary.header() ? exchange.getRequest().getHeaders().getFirst(HEADER) : null;
		return switch (wish) {
			case "always" -> true;
			case "never" -> false;
			case null, default -> canary.takes(service, callerOf(exchange));
		};
	}

	private String callerOf(ServerWebExchange exchange) {
		return Optional.ofNullable(Caller.idOf(exchange)).orElseGet(() -> this.clientAddress.networkOf(exchange));
	}

	private static Route canaryOf(Route route, Canary canary) {
		return Route.async()
			.id(route.getId() + "-canary")
			.uri(canary.url())
			.order(route.getOrder())
			.asyncPredicate(route.getPredicate())
			.replaceFilters(route.getFilters())
			.metadata(route.getMetadata())
			.build();
	}

}
