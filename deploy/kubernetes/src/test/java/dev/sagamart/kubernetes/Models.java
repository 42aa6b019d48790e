package dev.sagamart.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.sagamart.kubernetes.operators.AnalysisTemplate;
import dev.sagamart.kubernetes.operators.Cluster;
import dev.sagamart.kubernetes.operators.ExternalSecret;
import dev.sagamart.kubernetes.operators.ObjectStore;
import dev.sagamart.kubernetes.operators.Rollout;
import dev.sagamart.kubernetes.operators.ScaledObject;
import dev.sagamart.kubernetes.operators.ScheduledBackup;
import dev.sagamart.kubernetes.operators.SecretStore;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Deserialises resources strictly into their model classes: those of the Fabric8 client
 * and of Strimzi, and our own for other operators, in
 * {@link dev.sagamart.kubernetes.operators}.
 */
final class Models {

	private static final Map<String, Class<?>> OPERATORS = Map.ofEntries(
			Map.entry("kafka.strimzi.io/v1 Kafka", Kafka.class),
			Map.entry("kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class),
			Map.entry("kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class),
			Map.entry("kafka.strimzi.io/v1 KafkaUser", KafkaUser.class),
			Map.entry("keda.sh/v1alpha1 ScaledObject", ScaledObject.class),
			Map.entry("argoproj.io/v1alpha1 Rollout", Rollout.class),
			Map.entry("argoproj.io/v1alpha1 AnalysisTemplate", AnalysisTemplate.class),
			Map.entry("postgresql.cnpg.io/v1 Cluster", Cluster.class),
			Map.entry("postgresql.cnpg.io/v1 ScheduledBackup", ScheduledBackup.class),
			Map.entry("barmancloud.cnpg.io/v1 ObjectStore", ObjectStore.class),
			Map.entry("external-secrets.io/v1 SecretStore", SecretStore.class),
			Map.entry("external-secrets.io/v1 ExternalSecret", ExternalSecret.class));

	private static final JsonMapper STRICT = JsonMapper.builder()
		.annotationIntrospector(new RejectUnknownFields())
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
		.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
		.withCoercionConfig(LogicalType.Textual,
				(textual) -> textual.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
		.build();

	/** The class names of the Fabric8 models by kind. */
	private static final Map<String, List<String>> NAMES = names();

	/** The results, because most resources are the same in every variant. */
	private static final Map<ObjectNode, Optional<String>> RESULTS = new ConcurrentHashMap<>();

	private Models() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		for (ObjectNode resource : manifests.resources()) {
			RESULTS.computeIfAbsent(resource.deepCopy(), Models::problem)
				.ifPresent((problem) -> findings.accept(Kustomize.identity(resource) + ": " + problem));
		}
	}

	private static Optional<String> problem(ObjectNode resource) {
		try {
			Object read = STRICT.treeToValue(resource,
					model(resource.path("apiVersion").asText() + " " + Kustomize.kind(resource)));
			return lostValue(resource, STRICT.valueToTree(read), "");
		}
		catch (JsonProcessingException | IllegalArgumentException ex) {
			return Optional.of(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * The first value that is lost when the resource is read and written, such as an
	 * unknown value of an enumeration.
	 */
	private static Optional<String> lostValue(JsonNode given, JsonNode read, String path) {
		if (given.isContainerNode()) {
			return given.isEmpty() ? Optional.empty()
					: (given.isObject() ? given.properties().stream() : elements(given))
						.map((entry) -> lostValue(entry.getValue(),
								given.isObject() ? read.path(entry.getKey())
										: read.path(Integer.parseInt(entry.getKey())),
								path + "/" + entry.getKey()))
						.flatMap(Optional::stream)
						.findFirst();
		}
		return given.asText().equals(read.asText(null)) ? Optional.empty()
				: Optional.of(path + " has the invalid value " + given);
	}

	private static Stream<Map.Entry<String, JsonNode>> elements(JsonNode array) {
		return IntStream.range(0, array.size()).mapToObj((index) -> Map.entry(String.valueOf(index), array.get(index)));
	}

	private static Class<?> model(String versionAndKind) {
		if (OPERATORS.containsKey(versionAndKind)) {
			return OPERATORS.get(versionAndKind);
		}
		String kind = versionAndKind.substring(versionAndKind.indexOf(' ') + 1);
		return NAMES.getOrDefault(kind, List.of())
			.stream()
			.<Class<?>>map(Models::load)
			.filter((candidate) -> versionAndKind.equals(versionAndKind(candidate)))
			.findAny()
			.orElseThrow(() -> new IllegalArgumentException("no model of " + versionAndKind));
	}

	private static String versionAndKind(Class<?> model) {
		Group group = model.getAnnotation(Group.class);
		Version version = model.getAnnotation(Version.class);
		String prefix = (group == null || group.value().isEmpty()) ? "" : group.value() + "/";
		return prefix + ((version != null) ? version.value() : "") + " " + model.getSimpleName();
	}

	private static Class<?> load(String name) {
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, List<String>> names() {
		String list = "META-INF/services/io.fabric8.kubernetes.api.model.KubernetesResource";
		try {
			return Collections.list(Models.class.getClassLoader().getResources(list))
				.stream()
				.flatMap(Models::lines)
				.collect(Collectors.groupingBy((name) -> name.substring(name.lastIndexOf('.') + 1)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> lines(URL url) {
		try (var stream = url.openStream()) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Unknown fields must be errors, but the models would collect them in a map. */
	private static final class RejectUnknownFields extends JacksonAnnotationIntrospector {

		private static final long serialVersionUID = 1;

		@Override
		public Boolean hasAnySetter(Annotated annotated) {
			return false;
		}

	}

}
