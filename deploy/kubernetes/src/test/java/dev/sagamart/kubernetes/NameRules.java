package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * HAProxy must have full host names. Unlike all other programs here, it does not use the
 * search domains, which are needed for a name like {@code redis:6379}.
 */
final class NameRules {

	static final String FILE = "haproxy.cfg";

	/** HAProxy expands variables only in double quotes. */
	private static final Pattern SERVER = Pattern.compile("^\\s*server\\s+\\S+\\s+(\\S+)", Pattern.MULTILINE);

	private NameRules() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		manifests.of("ConfigMap").filter((map) -> map.path("data").has(FILE)).forEach((map) -> {
			Set<String> written = servers(map.path("data").path(FILE).asText());
			Set<String> pods = pods(manifests);
			written.stream()
				.filter((server) -> !pods.contains(server))
				.forEach((server) -> findings.accept(FILE + ": " + server + " is not the full name of a pod"));
			if (written.isEmpty()) {
				findings.accept(FILE + " contains no server");
			}
			manifests.workloads()
				.flatMap((workload) -> readers(workload, Kustomize.name(map)))
				.filter((container) -> !namespaceIsGiven(container))
				.forEach((container) -> findings.accept(
						container.path("name").asText() + " has no variable NAMESPACE, which the host names contain"));
		});
	}

	private static Set<String> servers(String configuration) {
		return SERVER.matcher(configuration)
			.results()
			.map((server) -> server.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** The full host names and ports of the pods of StatefulSets, as in the file. */
	private static Set<String> pods(Manifests manifests) {
		return manifests.of("StatefulSet").flatMap((set) -> {
			String service = set.at("/spec/serviceName").asText();
			List<Integer> ports = manifests.servicePorts().getOrDefault(service, List.of());
			return IntStream.range(0, set.at("/spec/replicas").asInt())
				.boxed()
				.flatMap((number) -> ports.stream()
					.map((port) -> "\"%s-%d.%s.${NAMESPACE}.svc.cluster.local:%d\"".formatted(Kustomize.name(set),
							number, service, port)));
		}).collect(Collectors.toSet());
	}

	/** The containers that mount the file. */
	private static Stream<JsonNode> readers(ObjectNode workload, String configMap) {
		Set<String> volumes = Yaml.elements(Manifests.podSpec(workload), "volumes")
			.filter((volume) -> volume.at("/configMap/name").asText().equals(configMap))
			.filter((volume) -> Yaml.elements(volume.path("configMap"), "items")
				.anyMatch((item) -> item.path("key").asText().equals(FILE)))
			.map((volume) -> volume.path("name").asText())
			.collect(Collectors.toSet());
		return Manifests.containers(workload)
			.filter((container) -> Yaml.elements(container, "volumeMounts")
				.anyMatch((mount) -> volumes.contains(mount.path("name").asText())));
	}

	private static boolean namespaceIsGiven(JsonNode container) {
		return Yaml.elements(container, "env")
			.anyMatch((variable) -> variable.path("name").asText().equals("NAMESPACE")
					&& variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("metadata.namespace"));
	}

}
