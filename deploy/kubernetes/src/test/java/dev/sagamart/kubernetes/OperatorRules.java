package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Requirements of operators for the resources that they manage. */
final class OperatorRules {

	/** Resources with this label are applied after what they depend on. */
	private static final String COMPONENT = "app.kubernetes.io/component";

	/** Kinds that start pods at once. */
	private static final Set<String> LAST = Set.of("Rollout", "HorizontalPodAutoscaler", "ScaledObject");

	/** Kinds that pods depend on. */
	private static final Set<String> FIRST = Set.of("Namespace", "ServiceAccount", "ConfigMap", "NetworkPolicy",
			"SecretStore", "ExternalSecret", "StatefulSet", "Cluster", "ObjectStore", "Kafka", "KafkaNodePool",
			"KafkaTopic", "KafkaUser", "PersistentVolumeClaim");

	/** The default of Argo Rollouts. */
	private static final int LEAST_DEADLINE = 600;

	private OperatorRules() {
	}

	/**
	 * A manifest must not contain a field that a controller writes, because the next
	 * server-side apply would be a conflict.
	 */
	static void owners(Manifests manifests, Consumer<String> findings) {
		manifests.of("Service").forEach((service) -> {
			if (manifests.switchingRollout(service).isPresent()) {
				if (service.path("spec").has("selector")) {
					findings.accept(where(service) + "its selector is also written by Argo Rollouts");
				}
			}
			else if (service.at("/spec/selector").isEmpty()) {
				findings.accept(where(service) + "has no selector, and no controller writes one");
			}
		});
	}

	/**
	 * Resources that depend on databases and secrets can be excluded from the first
	 * apply. Otherwise a Rollout may exceed its deadline while it waits for them.
	 */
	static void order(Manifests manifests, Consumer<String> findings) {
		for (ObjectNode resource : manifests.resources()) {
			String kind = Kustomize.kind(resource);
			boolean last = LAST.contains(kind) || (kind.equals("Deployment") && WorkloadRules.isService(resource));
			boolean labelled = resource.at("/metadata/labels").path(COMPONENT).asText().equals("service");
			if (last && !labelled) {
				findings.accept(where(resource) + "is applied before its dependencies");
			}
			if (labelled && (FIRST.contains(kind) || (kind.equals("Deployment") && !last))) {
				findings.accept(where(resource) + "is applied after what depends on it");
			}
		}
		manifests.of("Rollout")
			.filter((rollout) -> rollout.at("/spec/progressDeadlineSeconds").asInt(LEAST_DEADLINE) < LEAST_DEADLINE)
			.forEach((rollout) -> findings.accept(
					where(rollout) + "gives up after " + rollout.at("/spec/progressDeadlineSeconds").asInt() + " s"));
	}

	/** kube-prometheus-stack selects its resources by this label. */
	static void monitors(Manifests manifests, Consumer<String> findings) {
		manifests.of("PodMonitor", "ServiceMonitor", "PrometheusRule")
			.filter((monitor) -> monitor.at("/metadata/labels/release").asText().isEmpty())
			.forEach((monitor) -> findings.accept(where(monitor) + "no Prometheus selects it"));
	}

	/** Either all pods have a pull secret or none has one. */
	static void pullSecrets(Manifests manifests, Consumer<String> findings) {
		Stream
			.of(manifests.of("ServiceAccount").map((account) -> account.path("imagePullSecrets")),
					manifests.of("Cluster").map((cluster) -> cluster.at("/spec/imagePullSecrets")),
					manifests.of("KafkaNodePool").map((pool) -> pool.at("/spec/template/pod/imagePullSecrets")),
					manifests.of("Kafka")
						.map((kafka) -> kafka.at("/spec/entityOperator/template/pod/imagePullSecrets")))
			.flatMap((secrets) -> secrets)
			.filter((secrets) -> secrets.isEmpty() == manifests.variant().has("pull-secret"))
			.forEach((secrets) -> findings.accept("some images are pulled with a secret and some without: " + secrets));
	}

	private static String where(JsonNode resource) {
		return ReferenceRules.where(resource);
	}

}
