package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources of a variant, with queries for the rules.
 */
final class Manifests {

	/** Our services, each of which is a module. */
	static final List<String> SERVICES = PartName.SERVICES.stream().map(PartName::text).toList();

	private static final Pattern DEMO_SECRET = Pattern.compile("^secret (\\S+) (\\S+) \\w+( \\S+)?$",
			Pattern.MULTILINE);

	private static final Pattern PULL_SECRET = Pattern.compile("create secret docker-registry (\\S+)");

	/** Variants are built once; tests plant mistakes into copies. */
	private static final Map<Variant, List<ObjectNode>> BUILT = new ConcurrentHashMap<>();

	private final Variant variant;

	private final List<ObjectNode> resources;

	Manifests(Variant variant, List<ObjectNode> resources) {
		this.variant = variant;
		this.resources = resources;
	}

	static Manifests of(Variant variant) {
		List<ObjectNode> built = BUILT.computeIfAbsent(variant, Variant::build);
		return new Manifests(variant, built.stream().map(ObjectNode::deepCopy).collect(Collectors.toList()));
	}

	Variant variant() {
		return this.variant;
	}

	List<ObjectNode> resources() {
		return this.resources;
	}

	Stream<ObjectNode> of(String... kinds) {
		List<String> wanted = List.of(kinds);
		return this.resources.stream().filter((resource) -> wanted.contains(Kustomize.kind(resource)));
	}

	Optional<ObjectNode> find(String kind, String name) {
		return of(kind).filter((resource) -> Kustomize.name(resource).equals(name)).findAny();
	}

	ObjectNode get(String kind, String name) {
		return find(kind, name).orElseThrow(() -> new IllegalArgumentException("There is no " + kind + " " + name));
	}

	/** The resources with a pod template. */
	Stream<ObjectNode> workloads() {
		return of("Deployment", "StatefulSet");
	}

	static JsonNode podSpec(JsonNode workload) {
		return workload.at("/spec/template/spec");
	}

	static Stream<JsonNode> containers(JsonNode workload) {
		return Yaml.elements(podSpec(workload), "containers");
	}

	static Stream<JsonNode> allContainers(JsonNode workload) {
		return Stream.concat(containers(workload), Yaml.elements(podSpec(workload), "initContainers"));
	}

	static Map<String, String> strings(JsonNode object) {
		Map<String, String> strings = new LinkedHashMap<>();
		object.properties().forEach((entry) -> strings.put(entry.getKey(), entry.getValue().asText()));
		return strings;
	}

	/**
	 * The labels of all pods, including those that operators create.
	 */
	List<Map<String, String>> podLabels() {
		List<Map<String, String>> labels = new ArrayList<>();
		workloads().forEach((workload) -> labels.add(strings(workload.at("/spec/template/metadata/labels"))));
		of("Cluster").forEach((cluster) -> {
			Map<String, String> instance = strings(cluster.at("/spec/inheritedMetadata/labels"));
			instance.put("cnpg.io/cluster", Kustomize.name(cluster));
			labels.add(instance);
		});
		of("KafkaNodePool").forEach((pool) -> labels.add(strings(pool.at("/spec/template/pod/metadata/labels"))));
		of("Kafka")
			.forEach((kafka) -> labels.add(strings(kafka.at("/spec/entityOperator/template/pod/metadata/labels"))));
		of("Gateway").forEach(
				(gateway) -> labels.add(Map.of("gateway.networking.k8s.io/gateway-name", Kustomize.name(gateway))));
		of("Issuer").filter((issuer) -> issuer.at("/spec/acme").isObject())
			.forEach((issuer) -> labels.add(Map.of("acme.cert-manager.io/http01-solver", "true")));
		return labels;
	}

	/** The Rollout that switches a Service between versions. */
	Optional<ObjectNode> switchingRollout(JsonNode service) {
		return of("Rollout")
			.filter((rollout) -> Stream.of("activeService", "previewService")
				.map(rollout.at("/spec/strategy/blueGreen")::path)
				.anyMatch((name) -> name.asText().equals(Kustomize.name(service))))
			.findAny();
	}

	/** The selector of a Service, or of the Rollout that switches it. */
	JsonNode selector(JsonNode service) {
		return switchingRollout(service).orElse((ObjectNode) service).at("/spec/selector");
	}

	boolean selectsSomething(JsonNode selector) {
		return podLabels().stream().anyMatch((labels) -> matches(selector, labels));
	}

	/** Whether a label selector, or a Service's plain map, matches these labels. */
	static boolean matches(JsonNode selector, Map<String, String> labels) {
		boolean plain = !selector.has("matchLabels") && !selector.has("matchExpressions");
		Map<String, String> wanted = strings(plain ? selector : selector.path("matchLabels"));
		return labels.entrySet().containsAll(wanted.entrySet()) && Yaml.elements(selector, "matchExpressions")
			.allMatch((expression) -> expression.path("operator").asText().equals("In")
					&& Yaml.texts(expression, "values")
						.anyMatch((value) -> value.equals(labels.get(expression.path("key").asText()))));
	}

	/** The Services and their ports, including those that operators create. */
	Map<String, List<Integer>> servicePorts() {
		Map<String, List<Integer>> ports = new LinkedHashMap<>();
		of("Service").forEach((service) -> ports.put(Kustomize.name(service),
				Yaml.elements(service.path("spec"), "ports").map((port) -> port.path("port").asInt()).toList()));
		of("Cluster").map(Kustomize::name)
			.forEach((cluster) -> Stream.of("-rw", "-ro", "-r")
				.forEach((suffix) -> ports.put(cluster + suffix, List.of(5432))));
		of("Kafka").forEach((kafka) -> ports.put(Kustomize.name(kafka) + "-kafka-bootstrap",
				Yaml.elements(kafka.at("/spec/kafka"), "listeners")
					.map((listener) -> listener.path("port").asInt())
					.toList()));
		return ports;
	}

	/** The secrets that are created in the cluster, with their keys. */
	Map<String, List<String>> secretKeys() {
		Map<String, List<String>> secrets = new LinkedHashMap<>();
		if (this.variant.has("pull-secret")) {
			Matcher made = PULL_SECRET.matcher(Yaml.text(Repository.ROOT.resolve("docs/kubernetes.md")));
			while (made.find()) {
				secrets.put(made.group(1), List.of(".dockerconfigjson"));
			}
		}
		if (this.variant.has("demo")) {
			Matcher made = DEMO_SECRET.matcher(Yaml.text(Repository.KUBERNETES.resolve("overlays/demo/make-secrets")));
			while (made.find()) {
				secrets.put(made.group(1), List.of(made.group(2)));
			}
		}
		of("ExternalSecret").forEach((secret) -> {
			JsonNode target = secret.at("/spec/target");
			JsonNode template = target.at("/template/data");
			secrets.put(target.path("name").asText(),
					template.isObject() ? List.copyOf(strings(template).keySet())
							: Yaml.elements(secret.path("spec"), "data")
								.map((data) -> data.path("secretKey").asText())
								.toList());
		});
		of("KafkaUser").forEach((user) -> secrets.put(Kustomize.name(user), List.of("password", "sasl.jaas.config")));
		of("Kafka").forEach((kafka) -> secrets.put(Kustomize.name(kafka) + "-cluster-ca-cert",
				List.of("ca.crt", "ca.p12", "ca.password")));
		of("Certificate").forEach((certificate) -> secrets.put(certificate.at("/spec/secretName").asText(),
				List.of("ca.crt", "tls.crt", "tls.key")));
		return secrets;
	}

	/** The Rollouts by the Deployment whose pods they run. */
	Map<String, ObjectNode> rolloutsByDeployment() {
		Map<String, ObjectNode> rollouts = new LinkedHashMap<>();
		of("Rollout").forEach((rollout) -> rollouts.put(rollout.at("/spec/workloadRef/name").asText(), rollout));
		return rollouts;
	}

}
