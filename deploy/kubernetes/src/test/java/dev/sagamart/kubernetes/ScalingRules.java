package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** How many instances there are. */
final class ScalingRules {

	/** The outbox relay's, and the one that leads among its instances. */
	private static final int CONNECTIONS_OUTSIDE_OF_THE_POOL = 2;

	private ScalingRules() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		Map<String, ObjectNode> rollouts = manifests.rolloutsByDeployment();
		manifests.of("Deployment").forEach((deployment) -> {
			ObjectNode rollout = rollouts.get(Kustomize.name(deployment));
			if (rollout != null) {
				if (deployment.at("/spec/replicas").asInt(1) != 0) {
					findings.accept(where(deployment) + "has pods of its own beside those of its Rollout");
				}
				if (!autoscalers(manifests, deployment).isEmpty()) {
					findings.accept(where(deployment) + "is scaled, but its Rollout has the pods");
				}
			}
			one(manifests, (rollout != null) ? rollout : deployment, findings);
			if (manifests.variant().has("canary") && rollout == null && WorkloadRules.isService(deployment)) {
				findings.accept(where(deployment) + "has no Rollout");
			}
		});
		manifests.of("HorizontalPodAutoscaler", "ScaledObject").forEach((autoscaler) -> {
			int least = least(autoscaler);
			if (least < 2 || most(autoscaler) <= least) {
				findings.accept(where(autoscaler) + "from " + least + " to " + most(autoscaler));
			}
		});
		manifests.of("VerticalPodAutoscaler")
			.filter((recommender) -> !recommender.at("/spec/updatePolicy/updateMode").asText().equals("Off"))
			.forEach((recommender) -> findings.accept(where(recommender) + "also changes what it recommends about"));
		manifests.of("HorizontalPodAutoscaler", "ScaledObject")
			.filter(ScalingRules::countsMemory)
			.forEach((autoscaler) -> findings.accept(where(autoscaler)
					+ "scales by memory, but as a container may use no more than it requests, it runs out before"));
		connections(manifests, findings);
	}

	private static boolean countsMemory(ObjectNode autoscaler) {
		return Yaml.elements(autoscaler.path("spec"), "triggers")
			.anyMatch((trigger) -> trigger.path("type").asText().equals("memory"))
				|| Yaml.tree(autoscaler.at("/spec/metrics"))
					.anyMatch((metric) -> metric.path("name").asText().equals("memory"));
	}

	/** A number or an autoscaler, not both, and not two of either. */
	private static void one(Manifests manifests, ObjectNode workload, Consumer<String> findings) {
		List<ObjectNode> autoscalers = autoscalers(manifests, workload);
		int deciding = autoscalers.size() + (workload.at("/spec/replicas").isMissingNode() ? 0 : 1);
		if (deciding != 1) {
			findings.accept(where(workload) + deciding + " things decide how many instances there are");
		}
	}

	private static List<ObjectNode> autoscalers(Manifests manifests, ObjectNode workload) {
		return manifests.of("HorizontalPodAutoscaler", "ScaledObject").filter((autoscaler) -> {
			JsonNode target = autoscaler.at("/spec/scaleTargetRef");
			return target.path("kind").asText().equals(Kustomize.kind(workload))
					&& target.path("name").asText().equals(Kustomize.name(workload));
		}).toList();
	}

	/** PostgreSQL takes the connections of as many instances as there may ever be. */
	private static void connections(Manifests manifests, Consumer<String> findings) {
		int needed = Manifests.SERVICES.stream().mapToInt((service) -> {
			int pool = Application.of(service).databaseConnections();
			return (pool == 0) ? 0 : (pool + CONNECTIONS_OUTSIDE_OF_THE_POOL) * most(manifests, service);
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
				.accept("the services may open " + needed + " connections, PostgreSQL takes " + allowed));
	}

	private static int most(Manifests manifests, String service) {
		return manifests.of("HorizontalPodAutoscaler", "ScaledObject")
			.filter((autoscaler) -> Kustomize.name(autoscaler).equals(service))
			.map(ScalingRules::most)
			.findAny()
			.orElseGet(() -> {
				ObjectNode rollout = manifests.rolloutsByDeployment().get(service);
				return ((rollout != null) ? rollout : manifests.get("Deployment", service)).at("/spec/replicas")
					.asInt();
			});
	}

	private static int least(JsonNode autoscaler) {
		return autoscaler.path("spec").path(isKeda(autoscaler) ? "minReplicaCount" : "minReplicas").asInt();
	}

	private static int most(JsonNode autoscaler) {
		return autoscaler.path("spec").path(isKeda(autoscaler) ? "maxReplicaCount" : "maxReplicas").asInt();
	}

	private static boolean isKeda(JsonNode autoscaler) {
		return Kustomize.kind(autoscaler).equals("ScaledObject");
	}

	private static String where(JsonNode resource) {
		return ReferenceRules.where(resource);
	}

}
