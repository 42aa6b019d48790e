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
 * The routes to the declared services. Their ids start with the schema of the service:
 * {@code users}; {@code users-passwords} for requests that hash a password;
 * {@code orders-streams} for responses without an end; {@code users-operations}; and
 * {@code users-document}. Each route has its own bulkhead and circuit breaker, and so has
 * the route to a canary, {@code users-canary}.
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
			throw new IllegalStateException("Canaries are configured for " + this.canaries.keySet()
					+ ", but routes exist only for " + services);
		}
	}

	/** In the order of the paths: the first route that matches is used. */
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

	/** The canary's route comes first and may not match; then the next one is used. */
	private void add(RouteLocatorBuilder.Builder routes, String id, String service, Map<String, Object> metadata,
			Function<PredicateSpec, UriSpec> where) {
		Canary canary = this.canaries.get(service);
		if (canary != null) {
			routes.route(id + "-canary",
					(route) -> where.apply(route.predicate((exchange) -> isForCanary(canary, service, exchange)).and())
						.metadata(metadata)
						.uri(canary.url()));
		}
		String uri = this.declared.url(service, this.environment);
		routes.route(id, (route) -> where.apply(route).metadata(metadata).uri(uri));
	}

	private boolean isForCanary(Canary canary, String service, ServerWebExchange exchange) {
		String caller = Caller.idOf(exchange);
		return canary.appliesTo(service, (caller != null) ? caller : this.clientAddress.networkOf(exchange),
				exchange.getRequest().getHeaders().getFirst("X-Canary"));
	}

}
