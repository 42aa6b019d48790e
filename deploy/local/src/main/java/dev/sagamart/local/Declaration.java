package dev.sagamart.local;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSetter.Value;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The content of {@code platform.yml}, which declares each service once. The comments in
 * that file explain each property.
 *
 * @param edge the service that clients talk to
 * @param identity the service that issues their tokens
 * @param services the services by name
 * @param standIns programs that replace external systems, by name
 * @param topics topics with special settings, by name
 * @param secrets the secrets by the environment variable that passes them to services
 */
public record Declaration(String edge, String identity, Map<String, Service> services, Map<String, StandIn> standIns,
		Map<String, Topic> topics, Map<String, Secret> secrets) {

	private static final String FILE = "platform.yml";

	private static final Pattern PLACEHOLDER = Pattern.compile("\\{([\\w-]+)}");

	private static final YAMLMapper MAPPER = YAMLMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.withConfigOverride(List.class, (list) -> list.setNullHandling(Value.forValueNulls(Nulls.AS_EMPTY)))
		.withConfigOverride(Map.class, (map) -> map.setNullHandling(Value.construct(Nulls.AS_EMPTY, Nulls.FAIL)))
		.build();

	private static @Nullable Declaration current;

	public enum Protocol {

		HTTP, GRPC

	}

	/**
	 * A service of the platform.
	 *
	 * @param schema the database schema and role
	 * @param port the port of its API; the management port is 1,000 higher
	 * @param grpc the port of its gRPC server, if it has one
	 * @param heap JVM options for the size of the heap and its generations
	 * @param imageHeap the same options for its container image
	 * @param receives the topics by consumer group
	 * @param observes the topics that each instance reads in a consumer group of its own
	 * @param outside the ports of servers outside the platform, by kind of server
	 * @param paths the routed paths; the edge reads them itself
	 * @param kubernetes additional environment variables there, as in {@code compose} and
	 * {@code local}; {@code {part}} is replaced by the address of that part
	 */
	public record Service(String schema, int port, @Nullable Integer grpc, String heap, @Nullable String imageHeap,
			boolean redis, int mostInstances, List<String> secrets, List<String> sends,
			Map<String, List<String>> receives, List<String> observes, Map<String, Protocol> calls,
			Map<String, Integer> outside, Map<String, String> kubernetes,
			@JsonSetter(contentNulls = Nulls.SET) Map<String, @Nullable String> compose, Map<String, String> local,
			List<EdgePath> paths) {

		public Service {
			mostInstances = (mostInstances > 0) ? mostInstances : 6;
		}

		int managementPort() {
			return this.port + 1000;
		}

	}

	/** A path that is routed to a service; {@code platform.yml} explains it. */
	public record EdgePath(String path, List<String> open, List<String> only, List<String> throttled,
			List<String> passwords, List<String> audited, boolean streaming, boolean secret) {
	}

	/**
	 * A program that replaces an external system.
	 *
	 * @param local its variables, as for a service; the placeholders {@code {scheme}} and
	 * {@code {SECRET_NAME}} are allowed too
	 */
	public record StandIn(int port, @JsonSetter(contentNulls = Nulls.SET) Map<String, @Nullable String> compose,
			Map<String, String> local) {
	}

	/** A topic; if it is compacted, Kafka keeps the last message of each key. */
	public record Topic(boolean compacted) {
	}

	/**
	 * A secret with a random value.
	 *
	 * @param prefix the beginning of a random text
	 * @param bytes the number of random bytes, encoded in Base64; 0 for a random text
	 * @param optional whether it may be empty; then no value is generated
	 * @param kubernetes the key of the Kubernetes secret that contains it
	 */
	public record Secret(@Nullable String prefix, int bytes, boolean optional, @Nullable Key kubernetes) {
	}

	public record Key(String name, String key) {
	}

	/**
	 * Reads the declaration of a repository.
	 * @throws PartFailedException if it is invalid, with one line that names the property
	 */
	static Declaration load(Path root) {
		try {
			return read(Files.readString(root.resolve(FILE)));
		}
		catch (IOException ex) {
			throw new PartFailedException("Cannot read " + root.resolve(FILE), ex);
		}
	}

	static Declaration read(String yaml) {
		try {
			Declaration declaration = MAPPER.readValue(yaml, Declaration.class);
			DeclarationRules.check(declaration);
			return declaration;
		}
		catch (JacksonException ex) {
			String place = ex.getPath()
				.stream()
				.map((step) -> Objects.requireNonNullElse(step.getPropertyName(), ""))
				.collect(Collectors.joining("."));
			throw invalid(place, switch (ex) {
				case UnrecognizedPropertyException _ -> "unknown property";
				case InvalidNullException _ -> "has no value";
				default -> ex.getOriginalMessage().lines().findFirst().orElse("");
			});
		}
	}

	/**
	 * A part of the declaration by property name; {@code false} replaces {@code null}.
	 */
	static Map<String, Object> propertiesOf(Object part) {
		Map<String, Object> words = new LinkedHashMap<>();
		MAPPER.convertValue(part, new TypeReference<Map<String, @Nullable Object>>() {
		}).forEach((word, said) -> words.put(word, Objects.requireNonNullElse(said, false)));
		return words;
	}

	static PartFailedException invalid(String property, String problem) {
		return new PartFailedException(FILE + ": " + property + ": " + problem);
	}

	/** Converts a name for environment variables: {@code API_GATEWAY}. */
	static String variable(String name) {
		return name.toUpperCase(Locale.ROOT).replace('-', '_');
	}

	/** The environment variable with the address of a service's gRPC server. */
	static String grpcVariable(String service) {
		return variable(service).replaceFirst("_SERVICE$", "") + "_GRPC_ADDRESS";
	}

	/** The names in braces in a value. */
	static Stream<String> placeholders(String value) {
		return PLACEHOLDER.matcher(value).results().map((found) -> found.group(1));
	}

	static Map<String, String> replacePlaceholders(Map<String, String> variables, UnaryOperator<String> replacement) {
		Map<String, String> filled = new LinkedHashMap<>();
		variables.forEach((name, value) -> filled.put(name, PLACEHOLDER.matcher(value)
			.replaceAll((found) -> Matcher.quoteReplacement(replacement.apply(found.group(1))))));
		return filled;
	}

	/**
	 * The declaration that this launcher was built with.
	 * @throws PartFailedException if it is invalid
	 */
	public static synchronized Declaration current() {
		if (current == null) {
			current = read(
					Uncheck.get(() -> IOUtils.resourceToString("/dev/sagamart/local/" + FILE, StandardCharsets.UTF_8)));
		}
		return current;
	}

}
