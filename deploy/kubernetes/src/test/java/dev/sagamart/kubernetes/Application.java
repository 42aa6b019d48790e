package dev.sagamart.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sagamart.local.Declaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration of a service according to its own files. */
final class Application {

	private static final Pattern PROPERTIES = Pattern.compile(
			"@ConfigurationProperties\\(\"([^\"]+)\"\\)\\s+(?:public\\s+)?record\\s+\\w+\\((.*?)\\)\\s*\\{",
			Pattern.DOTALL);

	private static final Pattern COMPONENT = Pattern.compile("(\\w+)\\s*$");

	/** The supported form of on-profile: alternatives of profiles. */
	private static final Pattern PROFILES = Pattern.compile("[\\w |,-]*");

	private static final Pattern NUMBER = Pattern.compile("\\D*?(\\d+)\\D*");

	private static final Map<String, Application> CACHE = new ConcurrentHashMap<>();

	private final List<JsonNode> configuration = new ArrayList<>();

	private final List<Path> modules = new ArrayList<>();

	private final String pom;

	/** The URL variables of the services that the edge routes to. */
	private final List<String> addresses;

	private Application(String service) {
		Declaration declaration = Declaration.current();
		this.addresses = !service.equals(declaration.edge()) ? List.of()
				: declaration.services()
					.keySet()
					.stream()
					.filter((name) -> !name.equals(service))
					.map((name) -> "${" + name.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL}")
					.toList();
		Path module = Repository.ROOT.resolve(service);
		this.modules.add(module);
		this.configuration.addAll(Yaml.documents(Yaml.text(module.resolve("src/main/resources/application.yml"))));
		this.pom = Yaml.text(module.resolve("pom.xml"));
		if (this.pom.contains("<artifactId>platform-starter</artifactId>")) {
			addDefaults("platform-starter", "platform-defaults.yml");
		}
		addDefaults("platform-core", "platform-core-defaults.yml");
	}

	private void addDefaults(String name, String file) {
		Path module = Repository.ROOT.resolve("platform").resolve(name);
		this.modules.add(module);
		this.configuration.addAll(Yaml.documents(Yaml.text(module.resolve("src/main/resources").resolve(file))));
	}

	static Application of(String service) {
		return CACHE.computeIfAbsent(service, Application::new);
	}

	/** Whether it has a Redis client; all services have the address in their defaults. */
	boolean usesRedis() {
		return this.pom.contains("redis") || this.pom.contains("lettuce");
	}

	/**
	 * The values with placeholders, such as {@code ${NAME:default}}, that are active with
	 * these profiles.
	 */
	Set<String> placeholders(Set<String> profiles) {
		return Stream
			.concat(this.addresses.stream(), this.configuration.stream()
				.filter((document) -> counts(document.at("/spring/config/activate/on-profile").asText(""), profiles))
				.flatMap(Yaml::tree)
				.filter((node) -> node.isTextual() && node.asText().contains("${"))
				.map(JsonNode::asText))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static boolean counts(String condition, Set<String> profiles) {
		if (!PROFILES.matcher(condition).matches()) {
			throw new IllegalArgumentException("Unsupported on-profile expression: " + condition);
		}
		return condition.isEmpty() || Stream.of(condition.split("[ |,]+")).anyMatch(profiles::contains);
	}

	/** The environment variables of our own configuration properties. */
	Set<String> ownVariables() {
		Set<String> variables = new TreeSet<>();
		for (Path module : this.modules) {
			try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
				files.filter((file) -> file.toString().endsWith("Properties.java"))
					.map(Yaml::text)
					.map(PROPERTIES::matcher)
					.filter(Matcher::find)
					.forEach((matcher) -> Stream.of(matcher.group(2).replaceAll("<[^>]*>", "").split(","))
						.map(COMPONENT::matcher)
						.filter(Matcher::find)
						.forEach((component) -> variables
							.add(variable(matcher.group(1)) + "_" + component.group(1).toUpperCase(Locale.ROOT))));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return variables;
	}

	/** The ports of the API, of management and of the gRPC server, if there is one. */
	Set<Integer> ports() {
		return ports("/server/port", "/management/server/port", "/spring/grpc/server/port")
			.collect(Collectors.toCollection(TreeSet::new));
	}

	int managementPort() {
		return ports("/management/server/port").findFirst().orElseThrow();
	}

	private Stream<Integer> ports(String... settings) {
		return Stream.of(settings)
			.map(this::setting)
			.filter((value) -> !value.isEmpty())
			.map(NUMBER::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> Integer.valueOf(matcher.group(1)));
	}

	Duration shutdownPhase() {
		return Duration.parse("PT" + setting("/spring/lifecycle/timeout-per-shutdown-phase"));
	}

	int databaseConnections() {
		String size = setting("/spring/datasource/hikari/maximum-pool-size");
		return size.isEmpty() ? 0 : Integer.parseInt(size);
	}

	private String setting(String pointer) {
		return this.configuration.stream()
			.map((document) -> document.at(pointer).asText(""))
			.filter((value) -> !value.isEmpty())
			.findFirst()
			.orElse("");
	}

	/** The environment variable that sets a property. */
	static String variable(String property) {
		return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
	}

	/**
	 * The environment variables of Spring Boot's properties, from its metadata; true for
	 * maps, whose variables have a suffix.
	 */
	static Map<String, Boolean> springVariables() {
		Map<String, Boolean> variables = new TreeMap<>();
		try {
			for (String name : List.of("META-INF/spring-configuration-metadata.json",
					"META-INF/additional-spring-configuration-metadata.json")) {
				for (var url : Collections.list(Application.class.getClassLoader().getResources(name))) {
					try (var stream = url.openStream()) {
						new JsonMapper().readTree(stream)
							.path("properties")
							.forEach((property) -> variables.put(variable(property.path("name").asText()),
									property.path("type").asText().startsWith("java.util.Map")));
					}
				}
			}
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return variables;
	}

}
