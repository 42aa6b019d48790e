package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.declaration.DeclaredPath;
import dev.sagamart.gateway.declaration.DeclaredServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/**
 * The routes to the services that are declared, called after the schema of each:
 * {@code users}; {@code users-passwords}, which wait for a password to be hashed;
 * {@code orders-streams}, whose answers have no end; {@code users-operations}; and
 * {@code users-document}. Each has places and a circuit of its own.
 */
@Configuration(proxyBeanMethods = false)
class DeclaredRoutes {

	/** In the order of the paths: what the first that matches a request says holds. */
	@Bean
	RouteLocator routesToServices(DeclaredServices declared, RouteLocatorBuilder builder, Environment environment) {
		Routes routes = new Routes(declared, builder.routes(), environment);
		declared.routed().forEach((name, service) -> {
			String id = service.schema();
			List<String> plain = new ArrayList<>();
			for (DeclaredPath path : service.paths()) {
				if (path.streaming() || !path.passwords().isEmpty()) {
					routes.addPlain(id, name, plain);
				}
				if (path.streaming()) {
					routes.add(id + "-streams", name, Map.of("streaming", true), (route) -> route.path(path.path()));
					continue;
				}
				if (!path.passwords().isEmpty()) {
					routes.add(id + "-passwords", name, Map.of("passwords", true),
							(route) -> route.path(path.path())
								.and()
								.method(path.passwords().toArray(HttpMethod[]::new)));
				}
				plain.add(path.path());
			}
			routes.addPlain(id, name, plain);
			routes.add(id + "-operations", name, Map.of(), (route) -> route.path(DeclaredServices.operationsOf(name)));
			routes.add(id + "-document", name, Map.of(),
					(route) -> route.path("/openapi/" + id + ".json")
						.filters((filters) -> filters.setPath("/openapi.json")
							.setResponseHeader(HttpHeaders.CACHE_CONTROL, "max-age=60")));
		});
		return routes.builder().build();
	}

	private record Routes(DeclaredServices declared, RouteLocatorBuilder.Builder builder, Environment environment) {

		void addPlain(String id, String service, List<String> paths) {
			if (!paths.isEmpty()) {
				String[] all = paths.toArray(String[]::new);
				add(id, service, Map.of(), (route) -> route.path(all));
				paths.clear();
			}
		}

		void add(String id, String service, Map<String, Object> metadata, Function<PredicateSpec, UriSpec> where) {
			String uri = this.declared.url(service, this.environment);
			this.builder.route(id,
					(route) -> where.apply(route).metadata(metadata).metadata("service", service).uri(uri));
		}

	}

}
