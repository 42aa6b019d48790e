package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Rules for the number of instances. */
final class ScalingRules {

	/** The connections of the outbox relay and of its leader lock. */
	private static final int CONNECTIONS_OUTSIDE_OF_THE_POOL = 2;

	private ScalingRules() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		Map<String, ObjectNode> rollouts = manifests.rolloutsByDeployment();
		manifests.of("Deployment").forEach((deployment) -> {
			ObjectNode rollout = rollouts.get(Kustomize.name(deployment));
			if (rollout != null) {
				if (deployment.at("/spec/replicas").asInt(1) != 0) {
					findings.accept(where(deployment) + "has pods in addition to those of its Rollout");
				}
				if (!autoscalers(manifests, deployment).isEmpty()) {
					findings.accept(where(deployment) + "is scaled, but its Rollout has the pods");
				}
			}
			requireOneSetting(manifests, (rollout != null) ? rollout : deployment, findings);
			if (manifests.variant().has("canary") && rollout == null && WorkloadRules.isService(deployment)) {
				findings.accept(where(deployment) + "has no Rollout");
			}
		});
		manifests.of("HorizontalPodAutoscaler", "ScaledObject").forEach((autoscaler) -> {
			int min = min(autoscaler);
			if (min < 2 || max(autoscaler) <= min) {
				findings.accept(where(autoscaler) + "has the invalid range " + min + " to " + max(autoscaler));
			}
		});
		manifests.of("VerticalPodAutoscaler")
			.filter((recommender) -> !recommender.at("/spec/updatePolicy/updateMode").asText().equals("Off"))
			.forEach((recommender) -> findings
				.accept(where(recommender) + "changes workloads, but must only recommend"));
		manifests.of("HorizontalPodAutoscaler", "ScaledObject")
			.filter(ScalingRules::countsMemory)
			.forEach((autoscaler) -> findings.accept(where(autoscaler)
					+ "scales by memory, but the memory limit equals the request, so containers run out of memory first"));
		connections(manifests, findings);
	}

	private static boolean countsMemory(ObjectNode autoscaler) {
		return Yaml.elements(autoscaler.path("spec"), "triggers")
			.anyMatch((trigger) -> trigger.path("type").asText().equals("memory"))
				|| Yaml.tree(autoscaler.at("/spec/metrics"))
					.anyMatch((metric) -> metric.path("name").asText().equals("memory"));
	}

	/** Requires either a number of replicas or one autoscaler. */
	private static void requireOneSetting(Manifests manifests, ObjectNode workload, Consumer<String> findings) {
		List<ObjectNode> autoscalers = autoscalers(manifests, workload);
		int deciding = autoscalers.size() + (workload.at("/spec/replicas").isMissingNode() ? 0 : 1);
		if (deciding != 1) {
			findings.accept(where(workload) + deciding + " settings decide the number of instances");
		}
	}

	private static List<ObjectNode> autoscalers(Manifests manifests, ObjectNode workload) {
		return manifests.of("HorizontalPodAutoscaler", "ScaledObject").filter((autoscaler) -> {
			JsonNode target = autoscaler.at("/spec/scaleTargetRef");
			return target.path("kind").asText().equals(Kustomize.kind(workload))
					&& target.path("name").asText().equals(Kustomize.name(workload));
		}).toList();
	}

	/** PostgreSQL must allow the connections of the greatest number of instances. */
	private static void connections(Manifests manifests, Consumer<String> findings) {
		int needed = Manifests.SERVICES.stream().mapToInt((service) -> {
			int pool = Application.of(service).databaseConnections();
			return (pool == 0) ? 0 : (pool + CONNECTIONS_OUTSIDE_OF_THE_POOL) * max(manifests, service);
		}).sum();
		Stream
			.concat(manifests.of("Cluster")
				.map((cluster) -> cluster.at("/spec/postgresql/parameters/max_connections").asInt()),
					manifests.find("StatefulSet", "postgres")
						.stream()
						.flatMap(Manifests::containers)
						.flatMap((container) -> Yaml.texts(container, "args"))
						.filter((argument) -> argument.startsWith("max_connections="))
						.map((argument) -> Integer.valueOf(argument.substring(argument.indexOf('=') + 1))))
			.filter((allowed) -> allowed < needed)
			.forEach((allowed) -> findings
				.accept("the services may open " + needed + " connections, PostgreSQL allows " + allowed));
	}

	private static int max(Manifests manifests, String service) {
		return manifests.of("HorizontalPodAutoscaler", "ScaledObject")
			.filter((autoscaler) -> Kustomize.name(autoscaler).equals(service))
			.map(ScalingRules::max)
			.findAny()
			.orElseGet(() -> {
				ObjectNode rollout = manifests.rolloutsByDeployment().get(service);
				return ((rollout != null) ? rollout : manifests.get("Deployment", service)).at("/spec/replicas")
					.asInt();
			});
	}

	private static int min(JsonNode autoscaler) {
		return autoscaler.path("spec").path(isKeda(autoscaler) ? "minReplicaCount" : "minReplicas").asInt();
	}

	private static int max(JsonNode autoscaler) {
		return autoscaler.path("spec").path(isKeda(autoscaler) ? "maxReplicaCount" : "maxReplicas").asInt();
	}

	private static boolean isKeda(JsonNode autoscaler) {
		return Kustomize.kind(autoscaler).equals("ScaledObject");
	}

	private static String where(JsonNode resource) {
		return ReferenceRules.where(resource);
	}

}
