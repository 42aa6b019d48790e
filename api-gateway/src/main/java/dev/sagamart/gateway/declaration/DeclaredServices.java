package dev.sagamart.gateway.declaration;

import dev.sagamart.gateway.declaration.DeclaredPath.Requests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.PropertyResolver;
import org.springframework.http.HttpMethod;

/**
 * The services that {@code platform.yml} declares.
 *
 * @param edge the name of this one
 * @param services by name, in the order of their declaration
 */
public record DeclaredServices(String edge, Map<String, Service> services) {

	/**
	 * A service.
	 *
	 * @param schema also the name of its routes and of its OpenAPI document
	 * @param paths what is routed to it; the first that matches a request says what is
	 * needed
	 */
	public record Service(String schema, int port, @DefaultValue List<DeclaredPath> paths) {

		public Service {
			paths = List.copyOf(paths);
		}

	}

	/** Those that requests are routed to, by name. */
	public Map<String, Service> routed() {
		return this.services.entrySet()
			.stream()
			.filter((service) -> !service.getKey().equals(this.edge))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, LinkedHashMap::new));
	}

	/** Every path of every service, in order. */
	public Stream<DeclaredPath> paths() {
		return routed().values().stream().flatMap((service) -> service.paths().stream());
	}

	/** Requests for which a path is declared to be something. */
	public List<Requests> requests(Function<DeclaredPath, Set<HttpMethod>> something) {
		return paths().filter((path) -> !something.apply(path).isEmpty())
			.map((path) -> path.with(something.apply(path)))
			.toList();
	}

	/** Where operators find what concerns a service. */
	public static String operationsOf(String service) {
		return "/api/v1/operations/" + service.replaceFirst("-service$", "") + "/**";
	}

	/** Where a service is: {@code USER_SERVICE_URL}, or on this machine. */
	public String url(String name, PropertyResolver properties) {
		String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL";
		Service service = Objects.requireNonNull(this.services.get(name));
		return properties.getProperty(variable, "http://localhost:" + service.port());
	}

}
