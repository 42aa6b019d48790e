package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.forwarding.ClientAddress;
import dev.sagamart.gateway.routing.CanaryProperties.Canary;
import dev.sagamart.gateway.security.Caller;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.PredicateSpec;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.route.builder.UriSpec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;

/**
 * The routes to the services that are declared, called after the schema of each:
 * {@code users}; {@code users-passwords}, which wait for a password to be hashed;
 * {@code orders-streams}, whose answers have no end; {@code users-operations}; and
 * {@code users-document}. Each has places and a circuit of its own, and so has the route
 * to a new version that is tried out, {@code users-canary}.
 */
@Configuration(proxyBeanMethods = false)
class DeclaredRoutes {

	private final DeclaredServices declared;

	private final Map<String, Canary> canaries;

	private final ClientAddress clientAddress;

	private final Environment environment;

	DeclaredRoutes(DeclaredServices declared, CanaryProperties properties, ClientAddress clientAddress,
			Environment environment) {
		this.declared = declared;
		this.canaries = properties.canary();
		this.clientAddress = clientAddress;
		this.environment = environment;
		Set<String> services = declared.routed().keySet();
		if (!services.containsAll(this.canaries.keySet())) {
			throw new IllegalStateException(
					"There are canaries of " + this.canaries.keySet() + ", but there are only routes to " + services);
		}
	}

	/** In the order of the paths: what the first that matches a request says holds. */
	@Bean
	RouteLocator routesToServices(RouteLocatorBuilder builder) {
		RouteLocatorBuilder.Builder routes = builder.routes();
		this.declared.routed().forEach((name, service) -> {
			String id = service.schema();
			for (DeclaredServices.Path path : service.paths()) {
				if (!path.passwords().isEmpty()) {
					add(routes, id + "-passwords", name, Map.of("passwords", true),
							(route) -> route.path(path.path())
								.and()
								.method(path.passwords().toArray(HttpMethod[]::new)));
				}
				add(routes, path.streaming() ? id + "-streams" : id, name, Map.of("streaming", path.streaming()),
						(route) -> route.path(path.path()));
			}
			add(routes, id + "-operations", name, Map.of(), (route) -> route.path(DeclaredServices.operationsOf(name)));
			add(routes, id + "-document", name, Map.of(),
					(route) -> route.path("/{form:openapi|asyncapi}/" + id + ".json")
						.filters((filters) -> filters.setPath("/{form}.json")
							.setResponseHeader(HttpHeaders.CACHE_CONTROL, "max-age=60")));
		});
		return routes.build();
	}

	/** A canary goes first, and leaves what it does not take to the route after it. */
	private void add(RouteLocatorBuilder.Builder routes, String id, String service, Map<String, Object> metadata,
			Function<PredicateSpec, UriSpec> where) {
		Canary canary = this.canaries.get(service);
		if (canary != null) {
			routes.route(id + "-canary",
					(route) -> where.apply(route.predicate((exchange) -> takes(canary, service, exchange)).and())
						.metadata(metadata)
						.uri(canary.url()));
		}
		String uri = this.declared.url(service, this.environment);
		routes.route(id, (route) -> where.apply(route).metadata(metadata).uri(uri));
	}

	private boolean takes(Canary canary, String service, ServerWebExchange exchange) {
		String caller = Caller.idOf(exchange);
		return canary.takes(service, (caller != null) ? caller : this.clientAddress.networkOf(exchange),
				exchange.getRequest().getHeaders().getFirst("X-Canary"));
	}

}
