package dev.sagamart.local;

import com.fasterxml.jackson.annotation.JsonSetter.Value;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What {@code platform.yml} says: each service, once. Its comments say what each word
 * means.
 *
 * @param edge the service that clients talk to
 * @param identity the service that makes their tokens
 * @param services by name
 * @param standIns programs that stand in for what belongs to others, by name
 * @param topics those that are not like the others, by name
 * @param secrets by the name of the variable that services get them in
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
		.withConfigOverride(Map.class, (map) -> map.setNullHandling(Value.forValueNulls(Nulls.AS_EMPTY)))
		.build();

	private static @Nullable Declaration ours;

	/** How one service calls another. */
	public enum Protocol {

		HTTP, GRPC

	}

	/**
	 * A service of ours.
	 *
	 * @param schema of the database, which is also its role
	 * @param port of its API; that for health and metrics is a thousand higher
	 * @param grpc the port of its gRPC server, if it has one
	 * @param heap options of its JVM that say how large the heap and its parts get
	 * @param imageHeap such options in its image
	 * @param receives topics by consumer group
	 * @param hears topics that each instance reads in a group of its own
	 * @param outside ports of servers outside of the platform, by what they are
	 * @param paths which the edge reads for itself
	 * @param kubernetes more variables there, as {@code compose} and {@code local}; in
	 * braces, the name of a part is its address
	 */
	public record Service(String schema, int port, @Nullable Integer grpc, String heap, @Nullable String imageHeap,
			boolean redis, int mostInstances, List<String> secrets, List<String> sends,
			Map<String, List<String>> receives, List<String> hears, Map<String, Protocol> calls,
			Map<String, Integer> outside, Map<String, String> kubernetes, Map<String, @Nullable String> compose,
			Map<String, String> local, List<EdgePath> paths) {

		public Service {
			mostInstances = (mostInstances > 0) ? mostInstances : 6;
		}

		int managementPort() {
			return this.port + 1000;
		}

	}

	/** A path that leads to a service; {@code platform.yml} has the words. */
	public record EdgePath(String path, List<String> open, List<String> only, List<String> throttled,
			List<String> passwords, List<String> audited, boolean streaming, boolean secret) {
	}

	/**
	 * A program that stands in for what belongs to others.
	 *
	 * @param local its variables, as those of a service; also {@code {scheme}}, and the
	 * names of secrets
	 */
	public record StandIn(int port, Map<String, @Nullable String> compose, Map<String, String> local) {
	}

	/** A topic of which, if it is compacted, the last message of each key stays. */
	public record Topic(boolean compacted) {
	}

	/**
	 * Something that is made at random.
	 *
	 * @param prefix what a word begins with
	 * @param bytes how many bytes, in base64; 0 for a word
	 * @param optional whether it is made by nobody, and may be empty
	 * @param kubernetes which secret it is there
	 */
	public record Secret(@Nullable String prefix, int bytes, boolean optional, @Nullable Key kubernetes) {
	}

	/** A key of a secret in Kubernetes. */
	public record Key(String name, String key) {
	}

	/**
	 * Reads that of a repository.
	 * @throws PartFailedException if it says what it must not, with one line that names
	 * the place
	 */
	static Declaration in(Path root) {
		try (InputStream yaml = Files.newInputStream(root.resolve(FILE))) {
			return read(yaml);
		}
		catch (IOException ex) {
			throw new PartFailedException("Cannot read " + root.resolve(FILE), ex);
		}
	}

	static Declaration read(InputStream yaml) {
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
			throw refused(place, (ex instanceof UnrecognizedPropertyException) ? "there is no such word"
					: ex.getOriginalMessage().lines().findFirst().orElse(""));
		}
	}

	/**
	 * What a part of it says, by the words of the file; {@code false} is said by none.
	 */
	static Map<String, Object> words(Object part) {
		Map<String, Object> words = new LinkedHashMap<>();
		MAPPER.convertValue(part, new TypeReference<Map<String, @Nullable Object>>() {
		}).forEach((word, said) -> words.put(word, Objects.requireNonNullElse(said, false)));
		return words;
	}

	static PartFailedException refused(String place, String trouble) {
		return new PartFailedException(FILE + ": " + place + ": " + trouble);
	}

	/** As in the names of variables: {@code API_GATEWAY}. */
	static String variable(String name) {
		return name.toUpperCase(Locale.ROOT).replace('-', '_');
	}

	/** The variable that says where a service's gRPC server is. */
	static String grpcVariable(String service) {
		return variable(service).replaceFirst("_SERVICE$", "") + "_GRPC_ADDRESS";
	}

	/** The words that stand in braces in a value. */
	static Stream<String> placeholders(String value) {
		return PLACEHOLDER.matcher(value).results().map((found) -> found.group(1));
	}

	/** Puts something in the place of each word in braces. */
	static Map<String, String> filled(Map<String, String> variables, UnaryOperator<String> words) {
		Map<String, String> filled = new LinkedHashMap<>();
		variables.forEach((name, value) -> filled.put(name, PLACEHOLDER.matcher(value)
			.replaceAll((found) -> Matcher.quoteReplacement(words.apply(found.group(1))))));
		return filled;
	}

	/**
	 * As this was built with it.
	 * @throws PartFailedException if it cannot be right
	 */
	public static synchronized Declaration ours() {
		if (ours == null) {
			try (InputStream yaml = Declaration.class.getResourceAsStream(FILE)) {
				ours = read(Objects.requireNonNull(yaml, "platform.yml: build deploy/local with Maven"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return ours;
	}

}
