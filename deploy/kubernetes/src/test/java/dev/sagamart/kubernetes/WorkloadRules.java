package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules for workloads and their pods. */
final class WorkloadRules {

	private static final String SERVICE_MEMORY = "384Mi";

	/**
	 * The version must include the minor part. Otherwise nodes that pulled the image at
	 * different times would run different versions.
	 */
	private static final Pattern VERSION = Pattern.compile(":\\d+\\.\\d+(?:[.-]\\S+)?$");

	/** CloudNativePG updates only tags with the image type and the distribution. */
	private static final Pattern OPERAND = Pattern
		.compile("/postgresql:\\d+\\.\\d+(?:-\\d+)?-standard-[a-z]+(?:@sha256:\\w+)?$");

	private WorkloadRules() {
	}

	static void duplicates(Manifests manifests, Consumer<String> findings) {
		Set<String> seen = new HashSet<>();
		manifests.resources()
			.stream()
			.map(Kustomize::identity)
			.filter((identity) -> !seen.add(identity))
			.forEach((identity) -> findings.accept(identity + " is defined twice"));
		manifests.workloads().forEach((workload) -> {
			Manifests.allContainers(workload).forEach((container) -> {
				reportDuplicates(workload, Yaml.elements(container, "env").map((variable) -> variable.path("name")),
						findings);
				reportDuplicates(workload,
						Yaml.elements(container, "volumeMounts").map((mount) -> mount.path("mountPath")), findings);
			});
			reportDuplicates(workload,
					Manifests.containers(workload)
						.flatMap((container) -> Yaml.elements(container, "ports"))
						.map((port) -> port.path("containerPort")),
					findings);
		});
		manifests.of("Service")
			.forEach((service) -> reportDuplicates(service,
					Yaml.elements(service.path("spec"), "ports").map((port) -> port.path("port")), findings));
	}

	private static void reportDuplicates(JsonNode resource, Stream<JsonNode> values, Consumer<String> findings) {
		Set<JsonNode> seen = new HashSet<>();
		values.filter((value) -> !seen.add(value))
			.forEach((value) -> findings.accept(where(resource) + value + " is defined twice"));
	}

	static void images(Manifests manifests, Consumer<String> findings) {
		Stream.concat(
				manifests.workloads()
					.flatMap((workload) -> Manifests.allContainers(workload)
						.map((container) -> container.path("image"))),
				manifests.of("Cluster").map((cluster) -> cluster.at("/spec/imageName")))
			.map(JsonNode::asText)
			.forEach((image) -> {
				String name = image.substring(image.lastIndexOf('/') + 1);
				if (!name.contains("@sha256:") && !VERSION.matcher(name).find()) {
					findings.accept("the image " + image + " has no fixed version");
				}
			});
		manifests.of("Cluster")
			.map((cluster) -> cluster.at("/spec/imageName").asText())
			.filter((image) -> !OPERAND.matcher(image).find())
			.forEach((image) -> findings.accept(image + " is none of the images that CloudNativePG still updates"));
	}

	static void limits(Manifests manifests, Consumer<String> findings) {
		manifests.workloads().forEach((workload) -> Manifests.allContainers(workload).forEach((container) -> {
			for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
				limit(where(workload) + container.path("name").asText() + ": ", container.path("resources"), resource,
						findings);
			}
			if (isService(workload) && !container.at("/resources/limits/memory").asText().equals(SERVICE_MEMORY)) {
				findings.accept(where(workload) + "must have a memory limit of " + SERVICE_MEMORY);
			}
		}));
		Stream
			.of(manifests.of("Cluster", "KafkaNodePool").map((resource) -> resource.path("spec")),
					manifests.of("Kafka")
						.flatMap((kafka) -> Stream.of(kafka.at("/spec/entityOperator/topicOperator"),
								kafka.at("/spec/entityOperator/userOperator"))))
			.flatMap((specs) -> specs)
			.forEach((spec) -> List.of("cpu", "memory")
				.forEach((resource) -> limit("an operator's pods: ", spec.path("resources"), resource, findings)));
		manifests.workloads()
			.forEach((workload) -> Yaml.elements(Manifests.podSpec(workload), "volumes")
				.filter((volume) -> volume.has("emptyDir") && !volume.path("emptyDir").has("sizeLimit"))
				.forEach((volume) -> findings
					.accept(where(workload) + "the volume " + volume.path("name").asText() + " has no limit")));
	}

	private static void limit(String where, JsonNode resources, String resource, Consumer<String> findings) {
		JsonNode request = resources.path("requests").path(resource);
		JsonNode limit = resources.path("limits").path(resource);
		if (request.isMissingNode() || limit.isMissingNode()) {
			findings.accept(where + "no request or no limit of " + resource);
		}
		else if (Quantity.parse(request.asText())
			.getNumericalAmount()
			.compareTo(Quantity.parse(limit.asText()).getNumericalAmount()) > 0) {
			findings.accept(where + "requests more " + resource + " than its limit");
		}
	}

	static void probes(Manifests manifests, Consumer<String> findings) {
		manifests.workloads().forEach((workload) -> Manifests.containers(workload).forEach((container) -> {
			for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
				if (!container.has(probe)) {
					findings.accept(where(workload) + container.path("name").asText() + " has no " + probe);
				}
			}
			if (isService(workload)) {
				checkProbe(workload, container, "startupProbe", "/actuator/health/liveness", findings);
				checkProbe(workload, container, "livenessProbe", "/actuator/health/liveness", findings);
				checkProbe(workload, container, "readinessProbe", "/actuator/health/readiness", findings);
			}
		}));
	}

	private static void checkProbe(JsonNode workload, JsonNode container, String probe, String path,
			Consumer<String> findings) {
		JsonNode get = container.path(probe).path("httpGet");
		if (!get.path("path").asText().equals(path) || !get.path("port").asText().equals("management")) {
			findings.accept(where(workload) + probe + " does not ask for " + path + " at the management port");
		}
	}

	static void rights(Manifests manifests, Consumer<String> findings) {
		manifests.of("ServiceAccount")
			.filter((account) -> account.path("automountServiceAccountToken").asBoolean(true))
			.forEach((account) -> findings.accept(where(account) + "its token is mounted"));
		manifests.of("Namespace")
			.filter((namespace) -> !namespace.at("/metadata/labels")
				.path("pod-security.kubernetes.io/enforce")
				.asText()
				.equals("restricted"))
			.forEach((namespace) -> findings.accept(where(namespace) + "does not enforce Pod Security restricted"));
		manifests.workloads().forEach((workload) -> {
			JsonNode pod = Manifests.podSpec(workload);
			JsonNode context = pod.path("securityContext");
			check(workload, !pod.path("automountServiceAccountToken").asBoolean(true), "mounts its token", findings);
			check(workload, context.path("runAsNonRoot").asBoolean() && context.path("runAsUser").asInt() > 0,
					"may run as root", findings);
			check(workload, context.at("/seccompProfile/type").asText().equals("RuntimeDefault"),
					"has no seccomp profile", findings);
			check(workload, Stream.of("hostNetwork", "hostPID", "hostIPC").noneMatch((field) -> pod.has(field)),
					"uses the host's namespaces", findings);
			check(workload, Yaml.elements(pod, "volumes").noneMatch((volume) -> volume.has("hostPath")),
					"mounts the host's files", findings);
			check(workload, !pod.path("enableServiceLinks").asBoolean(true),
					"gets a variable for every service of the namespace", findings);
			Manifests.allContainers(workload).forEach((container) -> {
				JsonNode security = container.path("securityContext");
				check(workload, !security.path("allowPrivilegeEscalation").asBoolean(true), "may gain privileges",
						findings);
				check(workload, security.path("readOnlyRootFilesystem").asBoolean(), "may write to its image",
						findings);
				check(workload, Yaml.texts(security.path("capabilities"), "drop").toList().equals(List.of("ALL"))
						&& !security.path("capabilities").has("add"), "keeps capabilities", findings);
				check(workload,
						!security.has("privileged") && !security.has("runAsUser") && !security.has("runAsNonRoot"),
						"has a container with rights of its own", findings);
			});
		});
	}

	private static void check(JsonNode workload, boolean valid, String violation, Consumer<String> findings) {
		if (!valid) {
			findings.accept(where(workload) + violation);
		}
	}

	static void shutdown(Manifests manifests, Consumer<String> findings) {
		manifests.workloads().filter(WorkloadRules::isService).forEach((workload) -> {
			Duration grace = Duration
				.ofSeconds(Manifests.podSpec(workload).path("terminationGracePeriodSeconds").asLong());
			Duration phase = Application.of(Kustomize.name(workload)).shutdownPhase();
			Manifests.containers(workload).forEach((container) -> {
				Duration before = Duration.ofSeconds(container.at("/lifecycle/preStop/sleep/seconds").asLong());
				if (before.isZero()) {
					findings.accept(where(workload) + "stops while it still gets requests");
				}
				// Requests, consumers and the outbox relay stop one after the other.
				if (grace.compareTo(before.plus(phase.multipliedBy(3))) < 0) {
					findings.accept(where(workload) + "is killed after " + grace + ", while it may take " + before
							+ " and three times " + phase);
				}
			});
		});
	}

	static void disruption(Manifests manifests, Consumer<String> findings) {
		manifests.workloads().forEach((workload) -> {
			JsonNode labels = workload.at("/spec/template/metadata/labels");
			List<JsonNode> budgets = manifests.of("PodDisruptionBudget")
				.filter((budget) -> Manifests.matches(budget.at("/spec/selector"), Manifests.strings(labels)))
				.<JsonNode>map((budget) -> budget)
				.toList();
			if (budgets.size() > 1) {
				findings.accept(where(workload) + "has more than one disruption budget, so no node can be drained");
			}
			boolean several = isService(workload) || workload.at("/spec/replicas").asInt() > 1;
			if (several && budgets.isEmpty()) {
				findings.accept(where(workload) + "has no disruption budget");
			}
			Set<String> spread = new HashSet<>();
			Yaml.elements(Manifests.podSpec(workload), "topologySpreadConstraints")
				.forEach((constraint) -> spread.add(constraint.path("topologyKey").asText()));
			if (several && !spread.equals(Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname"))) {
				findings.accept(where(workload) + "is not spread over zones and nodes");
			}
		});
		manifests.resources()
			.forEach((resource) -> Yaml.tree(resource)
				.flatMap((node) -> Yaml.elements(node, "topologySpreadConstraints"))
				.filter((constraint) -> !constraint.path("nodeTaintsPolicy").asText().equals("Honor"))
				.forEach((constraint) -> findings
					.accept(where(resource) + "counts nodes on which its pods may not run as empty ones")));
		manifests.of("PodDisruptionBudget")
			.filter((budget) -> budget.at("/spec/maxUnavailable").asInt() != 1)
			.forEach((budget) -> findings.accept(where(budget) + "must allow exactly one unavailable pod"));
	}

	static boolean isService(JsonNode workload) {
		return Manifests.SERVICES.contains(Kustomize.name(workload));
	}

	private static String where(JsonNode resource) {
		return ReferenceRules.where(resource);
	}

}
