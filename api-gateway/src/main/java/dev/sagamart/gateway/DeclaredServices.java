package dev.sagamart.gateway;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.PropertyResolver;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.Assert;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The services that are declared in {@code platform.yml}, a file that is imported as
 * properties without a prefix.
 *
 * @param edge the name of the gateway itself
 * @param services the services by name, in the order of declaration
 */
@ConfigurationProperties
public record DeclaredServices(String edge, Map<String, Service> services) {

	/** The paths for operators of all services; they require the role ADMIN. */
	public static final String OPERATIONS = "/api/v1/operations/**";

	/**
	 * A service.
	 *
	 * @param schema the database schema, also the name of its routes and of its OpenAPI
	 * document
	 * @param paths the paths that are routed to it; the first path that matches a request
	 * decides
	 */
	public record Service(String schema, int port, @DefaultValue List<Path> paths) {

		public Service {
			paths = List.copyOf(paths);
		}

	}

	/**
	 * A path that is routed to a service. {@code HEAD} is added to every set of methods
	 * that contains {@code GET}.
	 *
	 * @param path a Spring path pattern
	 * @param open methods that need no access token
	 * @param only if not empty, the only methods of this path; they need no access token
	 * @param throttled methods that count as attempts to log in or to register
	 * @param passwords methods that have to hash a password
	 * @param audited methods for administrators, which the audit records even if they
	 * change nothing
	 * @param streaming whether the responses are streams without an end
	 * @param secret whether the path variable is a secret that must not be recorded
	 */
	public record Path(String path, @DefaultValue Set<HttpMethod> open, @DefaultValue Set<HttpMethod> only,
			@DefaultValue Set<HttpMethod> throttled, @DefaultValue Set<HttpMethod> passwords,
			@DefaultValue Set<HttpMethod> audited, boolean streaming, boolean secret) {

		private static final List<HttpMethod> METHODS = List.of(HttpMethod.values());

		public Path {
			open = withHead(open);
			only = withHead(only);
			throttled = withHead(throttled);
			passwords = withHead(passwords);
			audited = withHead(audited);
		}

		/** Methods that need no access token. */
		public Set<HttpMethod> withoutToken() {
			return this.only.isEmpty() ? this.open : this.only;
		}

		private static Set<HttpMethod> withHead(Set<HttpMethod> methods) {
			Assert.isTrue(METHODS.containsAll(methods),
					() -> "One of the methods " + methods + " is not among " + METHODS);
			Set<HttpMethod> all = new HashSet<>(methods);
			if (all.contains(HttpMethod.GET)) {
				all.add(HttpMethod.HEAD);
			}
			return Set.copyOf(all);
		}

	}

	public Map<String, Service> routed() {
		Map<String, Service> routed = new LinkedHashMap<>(this.services);
		routed.remove(this.edge);
		return routed;
	}

	public Stream<Path> paths() {
		return routed().values().stream().flatMap((service) -> service.paths().stream());
	}

	/** Matches requests by method; the first path that matches a request decides. */
	public Predicate<ServerHttpRequest> requests(Function<Path, Set<HttpMethod>> methodsOf) {
		List<Methods> all = paths()
			.map((path) -> new Methods(PathPatternParser.defaultInstance.parse(path.path()), methodsOf.apply(path)))
			.toList();
		return (request) -> all.stream()
			.filter((methods) -> methods.path().matches(request.getPath().pathWithinApplication()))
			.findFirst()
			.filter((methods) -> methods.methods().contains(request.getMethod()))
			.isPresent();
	}

	private record Methods(PathPattern path, Set<HttpMethod> methods) {
	}

	public static String operationsOf(String service) {
		return OPERATIONS.replace("**", service.replaceFirst("-service$", "") + "/**");
	}

	/** The base URL of a service: {@code USER_SERVICE_URL}, by default on localhost. */
	public String url(String name, PropertyResolver properties) {
		String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL";
		Service service = Objects.requireNonNull(this.services.get(name));
		return properties.getProperty(variable, "http://localhost:" + service.port());
	}

}
