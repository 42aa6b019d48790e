package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds a kustomization like {@code kubectl kustomize}. Supports only the fields that
 * these manifests use; any other field is an error. {@link KustomizeTests} compares the
 * results with {@code kubectl}, if it is installed.
 */
final class Kustomize {

	private static final Set<String> KNOWN = Set.of("apiVersion", "kind", "namespace", "resources", "components",
			"labels", "images", "configMapGenerator", "patches");

	/** The used kinds without a namespace. */
	private static final Set<String> CLUSTER_WIDE = Set.of("Namespace");

	/**
	 * Kinds whose lists a strategic merge patch merges by key; all other lists are
	 * replaced.
	 */
	private static final Set<String> BUILT_IN = Set.of("Deployment", "StatefulSet", "Service", "ConfigMap",
			"ServiceAccount", "NetworkPolicy", "PodDisruptionBudget", "HorizontalPodAutoscaler", "Namespace");

	private final List<ObjectNode> resources = new ArrayList<>();

	private final Set<ObjectNode> hashed = Collections.newSetFromMap(new IdentityHashMap<>());

	private Kustomize() {
	}

	static List<ObjectNode> build(Path directory) {
		Kustomize kustomize = new Kustomize();
		kustomize.accumulate(directory);
		return kustomize.finish();
	}

	/**
	 * Builds an overlay with components.
	 */
	static List<ObjectNode> build(Path overlay, List<Path> components) {
		Kustomize kustomize = new Kustomize();
		kustomize.accumulate(overlay);
		components.forEach(kustomize::accumulate);
		return kustomize.finish();
	}

	private List<ObjectNode> finish() {
		Map<String, String> renamed = new HashMap<>();
		for (ObjectNode configMap : this.hashed) {
			String name = name(configMap);
			renamed.put(name, name + "-" + ContentHash.of(configMap));
			metadata(configMap).put("name", renamed.get(name));
		}
		this.resources.stream()
			.filter((resource) -> BUILT_IN.contains(kind(resource)))
			.flatMap(Yaml::tree)
			.filter(ObjectNode.class::isInstance)
			.map(ObjectNode.class::cast)
			.forEach((node) -> rename(node, renamed));
		return List.copyOf(this.resources);
	}

	private static void rename(ObjectNode node, Map<String, String> renamed) {
		for (String reference : List.of("configMap", "configMapRef", "configMapKeyRef")) {
			if (node.path(reference) instanceof ObjectNode target && renamed.containsKey(name(target, "name"))) {
				target.put("name", renamed.get(name(target, "name")));
			}
		}
	}

	private void accumulate(Path directory) {
		ObjectNode kustomization = Yaml.object(directory.resolve("kustomization.yaml"));
		kustomization.fieldNames().forEachRemaining((field) -> {
			if (!KNOWN.contains(field)) {
				throw new IllegalArgumentException(directory + ": unknown field " + field);
			}
		});
		Yaml.texts(kustomization, "resources").map(directory::resolve).forEach(this::resource);
		Yaml.texts(kustomization, "components").map(directory::resolve).forEach(this::accumulate);
		Yaml.elements(kustomization, "configMapGenerator").forEach((generator) -> generate(generator, directory));
		Yaml.elements(kustomization, "patches").forEach((patch) -> patch(patch, directory));
		if (kustomization.has("namespace")) {
			this.resources.stream()
				.filter((resource) -> !CLUSTER_WIDE.contains(kind(resource)))
				.forEach((resource) -> metadata(resource).set("namespace", kustomization.get("namespace")));
		}
		Yaml.elements(kustomization, "labels").forEach(this::label);
		Yaml.elements(kustomization, "images").forEach(this::image);
	}

	private void resource(Path path) {
		if (Files.isDirectory(path)) {
			accumulate(path);
			return;
		}
		for (ObjectNode resource : Yaml.objects(Yaml.text(path))) {
			if (find(identity(resource)) != null) {
				throw new IllegalArgumentException(path + ": " + identity(resource) + " is defined twice");
			}
			this.resources.add(resource);
		}
	}

	private void generate(JsonNode generator, Path directory) {
		ObjectNode data = JsonNodeFactory.instance.objectNode();
		Yaml.texts(generator, "literals").forEach((literal) -> {
			String[] keyAndValue = literal.split("=", 2);
			data.put(keyAndValue[0], keyAndValue[1]);
		});
		Yaml.texts(generator, "files").forEach((file) -> {
			String[] keyAndPath = file.contains("=") ? file.split("=", 2)
					: new String[] { Path.of(file).getFileName().toString(), file };
			data.put(keyAndPath[0], Yaml.text(directory.resolve(keyAndPath[1])));
		});
		String name = generator.path("name").asText();
		if (generator.path("behavior").asText("create").equals("merge")) {
			ObjectNode merged = this.resources.stream()
				.filter((resource) -> kind(resource).equals("ConfigMap") && name(resource).equals(name))
				.findAny()
				.orElseThrow(() -> new IllegalArgumentException(directory + ": no ConfigMap " + name + " to merge"));
			((ObjectNode) merged.get("data")).setAll(data);
			return;
		}
		ObjectNode configMap = JsonNodeFactory.instance.objectNode();
		configMap.put("apiVersion", "v1").put("kind", "ConfigMap");
		configMap.putObject("metadata").put("name", name);
		configMap.set("data", data);
		this.resources.add(configMap);
		if (!generator.at("/options/disableNameSuffixHash").asBoolean()) {
			this.hashed.add(configMap);
		}
	}

	private void label(JsonNode label) {
		label.path("pairs").properties().forEach((pair) -> this.resources.forEach((resource) -> {
			ObjectNode labels = (metadata(resource).get("labels") instanceof ObjectNode there) ? there
					: metadata(resource).putObject("labels");
			labels.set(pair.getKey(), pair.getValue());
		}));
	}

	private void image(JsonNode image) {
		String name = image.path("name").asText();
		this.resources.stream()
			.flatMap(Yaml::tree)
			.filter((node) -> node.isObject() && node.path("image").isTextual())
			.map(ObjectNode.class::cast)
			.filter((container) -> container.get("image").asText().split("[:@]", 2)[0].equals(name))
			.forEach((container) -> container.put("image", image.path("newName").asText(name)
					+ (image.has("digest") ? "@" + image.get("digest").asText() : ":" + image.get("newTag").asText())));
	}

	private void patch(JsonNode patch, Path directory) {
		String text = patch.has("path") ? Yaml.text(directory.resolve(patch.get("path").asText()))
				: patch.get("patch").asText();
		for (JsonNode document : Yaml.documents(text)) {
			List<ObjectNode> targets = patch.has("target") ? targets(patch.get("target"))
					: List.of(required(identity(document), directory));
			targets.forEach((target) -> apply(document, target));
		}
	}

	private static void apply(JsonNode patch, ObjectNode target) {
		if (patch instanceof ArrayNode operations) {
			ObjectNode patched = (ObjectNode) JsonPatch.apply(operations, target);
			target.removeAll();
			target.setAll(patched);
		}
		else {
			ObjectNode changes = patch.deepCopy();
			changes.remove(List.of("apiVersion", "kind"));
			if (changes.get("metadata") instanceof ObjectNode metadata) {
				metadata.remove("name");
			}
			merge(changes, target, BUILT_IN.contains(kind(target)));
		}
	}

	private static void merge(ObjectNode changes, ObjectNode target, boolean byKey) {
		changes.properties().forEach((change) -> {
			String field = change.getKey();
			JsonNode value = change.getValue();
			if (value.isNull()) {
				target.remove(field);
			}
			else if (value instanceof ObjectNode object && target.get(field) instanceof ObjectNode there) {
				merge(object, there, byKey);
			}
			else if (byKey && value instanceof ArrayNode elements && target.get(field) instanceof ArrayNode there
					&& mergeKey(field, elements) instanceof String key) {
				target.set(field, merged(elements, there, key));
			}
			else {
				target.set(field, value);
			}
		});
	}

	private static String mergeKey(String field, ArrayNode elements) {
		return switch (field) {
			case "containers", "initContainers", "volumes", "env" -> "name";
			case "volumeMounts" -> "mountPath";
			case "topologySpreadConstraints" -> "topologyKey";
			case "ports" -> elements.path(0).has("containerPort") ? "containerPort" : "port";
			default -> "";
		};
	}

	/** The elements of the patch come first, in its order. */
	private static ArrayNode merged(ArrayNode changes, ArrayNode there, String key) {
		if (key.isEmpty()) {
			return changes;
		}
		ArrayNode merged = JsonNodeFactory.instance.arrayNode();
		List<JsonNode> rest = new ArrayList<>();
		there.forEach(rest::add);
		for (JsonNode change : changes) {
			JsonNode result = change;
			for (Iterator<JsonNode> candidates = rest.iterator(); candidates.hasNext();) {
				JsonNode candidate = candidates.next();
				if (candidate.path(key).equals(change.path(key))) {
					candidates.remove();
					merge((ObjectNode) change, (ObjectNode) candidate, true);
					result = candidate;
				}
			}
			merged.add(result);
		}
		return merged.addAll(rest);
	}

	private List<ObjectNode> targets(JsonNode target) {
		return this.resources.stream()
			.filter((resource) -> matches(target, "kind", kind(resource)))
			.filter((resource) -> matches(target, "name", name(resource)))
			.filter((resource) -> Stream.of(target.path("labelSelector").asText("").split(","))
				.filter((term) -> !term.isEmpty())
				.map((term) -> term.split("=", 2))
				.allMatch((term) -> metadata(resource).path("labels").path(term[0]).asText().equals(term[1])))
			.toList();
	}

	private static boolean matches(JsonNode target, String field, String value) {
		return !target.has(field) || Pattern.matches(target.get(field).asText(), value);
	}

	private ObjectNode required(String identity, Path directory) {
		ObjectNode found = find(identity);
		if (found == null) {
			throw new IllegalArgumentException(directory + ": the patched resource does not exist: " + identity);
		}
		return found;
	}

	private ObjectNode find(String identity) {
		return this.resources.stream().filter((resource) -> identity(resource).equals(identity)).findAny().orElse(null);
	}

	static String identity(JsonNode resource) {
		return resource.path("apiVersion").asText() + " " + kind(resource) + " " + name(resource);
	}

	static String kind(JsonNode resource) {
		return resource.path("kind").asText();
	}

	static String name(JsonNode resource) {
		return name(resource.path("metadata"), "name");
	}

	private static String name(JsonNode node, String field) {
		return node.path(field).asText();
	}

	private static ObjectNode metadata(ObjectNode resource) {
		return (ObjectNode) resource.get("metadata");
	}

}
