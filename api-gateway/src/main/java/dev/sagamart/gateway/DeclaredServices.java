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
 * The services that {@code platform.yml} declares, which is imported as properties
 * without a prefix.
 *
 * @param edge the name of this one
 * @param services by name, in the order of their declaration
 */
@ConfigurationProperties
public record DeclaredServices(String edge, Map<String, Service> services) {

	/** What concerns operators, of every service and of the edge: for an ADMIN alone. */
	public static final String OPERATIONS = "/api/v1/operations/**";

	/**
	 * A service.
	 *
	 * @param schema also the name of its routes and of its OpenAPI document
	 * @param paths what is routed to it; the first that matches a request says what holds
	 * for it
	 */
	public record Service(String schema, int port, @DefaultValue List<Path> paths) {

		public Service {
			paths = List.copyOf(paths);
		}

	}

	/**
	 * A path that leads to a service. Methods with {@code GET} among them have
	 * {@code HEAD} too.
	 *
	 * @param path a pattern of Spring's
	 * @param open methods that need no access token
	 * @param only the same, where there are no other methods
	 * @param throttled methods that count as attempts to log in or to register
	 * @param passwords methods that wait for a password to be hashed
	 * @param audited methods that only administrators have a use for, noted even if they
	 * change nothing
	 * @param streaming whether its answers have no end
	 * @param secret whether what a variable of the path stands for must not be written
	 * down
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
			Assert.isTrue(METHODS.containsAll(methods), () -> "One of " + methods + " is not among " + METHODS);
			Set<HttpMethod> all = new HashSet<>(methods);
			if (all.contains(HttpMethod.GET)) {
				all.add(HttpMethod.HEAD);
			}
			return Set.copyOf(all);
		}

	}

	/** Those that requests are routed to, by name. */
	public Map<String, Service> routed() {
		Map<String, Service> routed = new LinkedHashMap<>(this.services);
		routed.remove(this.edge);
		return routed;
	}

	public Stream<Path> paths() {
		return routed().values().stream().flatMap((service) -> service.paths().stream());
	}

	/**
	 * Requests for which something is declared. Of the paths that match one, the first
	 * says it.
	 */
	public Predicate<ServerHttpRequest> requests(Function<Path, Set<HttpMethod>> something) {
		List<Methods> all = paths()
			.map((path) -> new Methods(PathPatternParser.defaultInstance.parse(path.path()), something.apply(path)))
			.toList();
		return (request) -> all.stream()
			.filter((methods) -> methods.path().matches(request.getPath().pathWithinApplication()))
			.findFirst()
			.filter((methods) -> methods.methods().contains(request.getMethod()))
			.isPresent();
	}

	private record Methods(PathPattern path, Set<HttpMethod> methods) {
	}

	/** Where operators find what concerns a service. */
	public static String operationsOf(String service) {
		return OPERATIONS.replace("**", service.replaceFirst("-service$", "") + "/**");
	}

	/** Where a service is: {@code USER_SERVICE_URL}, or on this machine. */
	public String url(String name, PropertyResolver properties) {
		String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL";
		Service service = Objects.requireNonNull(this.services.get(name));
		return properties.getProperty(variable, "http://localhost:" + service.port());
	}

}
