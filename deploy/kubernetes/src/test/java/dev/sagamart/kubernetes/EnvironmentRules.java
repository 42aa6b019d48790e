package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the environment variables of containers with those that programs read. */
final class EnvironmentRules {

	/**
	 * The name and the default, which may contain further placeholders.
	 */
	private static final Pattern PLACEHOLDER = Pattern
		.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^{}]*(?:\\$\\{[^}]*}[^{}]*)*))?}");

	private static final Pattern EXPANSION = Pattern.compile("\\$\\(([A-Z0-9_]+)\\)");

	/** Variables that may be missing although their default is empty, and the reason. */
	private static final Map<String, String> OPTIONAL = Map.of("SIGNING_MASTER_KEY_PREVIOUS",
			"needed only while the master key is replaced", "ORDER_SERVICE_MASTER_KEY_PREVIOUS",
			"needed only while the master key is replaced", "SMTP_HOST", "without it, no mail is sent", "SMTP_USERNAME",
			"the server may need no login", "SMTP_PASSWORD", "the server may need no login", "TRACING_ENDPOINT",
			"needed only if traces are exported");

	/** The variables that other images read, among those that are set here. */
	private static final Map<String, Set<String>> OTHER_IMAGES = Map.of("postgres",
			Set.of("POSTGRES_DB", "POSTGRES_PASSWORD"), "apache/kafka",
			Set.of("KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS", "EXTRA_ARGS", "LOG_DIR"), "sagamart/payment-simulator",
			Set.of("HOST", "PORT", "DATA_DIR", "WEBHOOK_URL", "WEBHOOK_SECRET", "FAULTS_TOKEN"));

	private static final Map<String, Boolean> SPRING = Application.springVariables();

	private EnvironmentRules() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		for (String service : Manifests.SERVICES) {
			ObjectNode deployment = manifests.get("Deployment", service);
			Manifests.containers(deployment)
				.forEach((container) -> check(Application.of(service), service, given(manifests, container),
						profiles(manifests, container), findings));
		}
		manifests.workloads()
			.filter((workload) -> !Manifests.SERVICES.contains(Kustomize.name(workload)))
			.forEach((workload) -> Manifests.allContainers(workload)
				.forEach((container) -> checkOther(manifests, workload, container, findings)));
	}

	static void check(Application application, String service, Set<String> given, Set<String> profiles,
			Consumer<String> findings) {
		Set<String> read = new HashSet<>(application.ownVariables());
		Set<String> missing = new LinkedHashSet<>();
		Predicate<String> used = (name) -> !name.startsWith("REDIS_") || application.usesRedis();
		for (String value : application.placeholders(profiles)) {
			collect(value, read);
			missing(value, given).filter(used).forEach(missing::add);
		}
		missing.removeAll(OPTIONAL.keySet());
		read.removeIf(used.negate());
		given.stream()
			.filter((name) -> !read.contains(name) && !isSpring(name))
			.forEach((name) -> findings.accept(service + " does not read " + name));
		missing.forEach((name) -> findings.accept(service + " needs " + name));
	}

	private static Set<String> profiles(Manifests manifests, JsonNode container) {
		return Yaml.elements(container, "envFrom")
			.flatMap((source) -> manifests.find("ConfigMap", source.at("/configMapRef/name").asText()).stream())
			.flatMap((map) -> Stream.of(map.at("/data/SPRING_PROFILES_ACTIVE").asText("").split(",")))
			.collect(Collectors.toSet());
	}

	private static void collect(String value, Set<String> names) {
		Matcher placeholder = PLACEHOLDER.matcher(value);
		while (placeholder.find()) {
			names.add(placeholder.group(1));
			if (placeholder.group(2) != null) {
				collect(placeholder.group(2), names);
			}
		}
	}

	/**
	 * The variables that must be set: they have no default, an empty one, or one with
	 * localhost.
	 */
	private static Stream<String> missing(String value, Set<String> given) {
		Set<String> missing = new LinkedHashSet<>();
		Matcher placeholder = PLACEHOLDER.matcher(value);
		while (placeholder.find()) {
			String name = placeholder.group(1);
			String defaultValue = placeholder.group(2);
			if (given.contains(name)) {
				continue;
			}
			if (defaultValue != null && defaultValue.contains("${")) {
				missing(defaultValue, given).forEach(missing::add);
			}
			else if (defaultValue == null || defaultValue.isEmpty() || defaultValue.contains("localhost")) {
				missing.add(name);
			}
		}
		return missing.stream();
	}

	private static boolean isSpring(String name) {
		return SPRING.containsKey(name) || SPRING.entrySet()
			.stream()
			.anyMatch((property) -> property.getValue() && name.startsWith(property.getKey() + "_"));
	}

	private static void checkOther(Manifests manifests, ObjectNode workload, JsonNode container,
			Consumer<String> findings) {
		String image = container.path("image").asText().split("[:@]", 2)[0];
		String scripts = Yaml.elements(Manifests.podSpec(workload), "volumes")
			.map((volume) -> volume.at("/configMap/name").asText())
			.flatMap((name) -> manifests.find("ConfigMap", name).stream())
			.map((map) -> map.path("data").toString())
			.collect(Collectors.joining());
		given(manifests, container).stream()
			.filter((name) -> !OTHER_IMAGES.getOrDefault(image, Set.of()).contains(name) && !scripts.contains(name))
			.forEach((name) -> findings.accept(Kustomize.name(workload) + " does not read " + name));
	}

	/**
	 * The names of the variables, without those that are only used in other variables.
	 */
	private static Set<String> given(Manifests manifests, JsonNode container) {
		Set<String> given = new LinkedHashSet<>();
		Yaml.elements(container, "envFrom")
			.map((source) -> source.at("/configMapRef/name").asText())
			.flatMap((name) -> manifests.find("ConfigMap", name).stream())
			.forEach((map) -> given.addAll(Manifests.strings(map.path("data")).keySet()));
		Yaml.elements(container, "env").forEach((variable) -> given.add(variable.path("name").asText()));
		Yaml.elements(container, "env").forEach((variable) -> {
			Matcher expansion = EXPANSION.matcher(variable.path("value").asText(""));
			while (expansion.find()) {
				given.remove(expansion.group(1));
			}
		});
		return given;
	}

}
