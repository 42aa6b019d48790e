package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What operators ask of those who apply something for them. */
final class OperatorRules {

	/** Told apart by this label, and applied after what they wait for. */
	private static final String COMPONENT = "app.kubernetes.io/component";

	/** Pods, or what makes pods at once. */
	private static final Set<String> LAST = Set.of("Rollout", "HorizontalPodAutoscaler", "ScaledObject");

	/** What pods wait for. */
	private static final Set<String> FIRST = Set.of("Namespace", "ServiceAccount", "ConfigMap", "NetworkPolicy",
			"SecretStore", "ExternalSecret", "StatefulSet", "Cluster", "ObjectStore", "Kafka", "KafkaNodePool",
			"KafkaTopic", "KafkaUser", "PersistentVolumeClaim");

	/** As long as Argo Rollouts waits by itself. */
	private static final int LEAST_DEADLINE = 600;

	private OperatorRules() {
	}

	/**
	 * A field that a controller writes is its own: in a manifest it is a conflict at the
	 * next server-side apply.
	 */
	static void owners(Manifests manifests, Consumer<String> findings) {
		manifests.of("Service").forEach((service) -> {
			if (manifests.switched(service).isPresent()) {
				if (service.path("spec").has("selector")) {
					findings.accept(where(service) + "its selector is written by Argo Rollouts too");
				}
			}
			else if (service.at("/spec/selector").isEmpty()) {
				findings.accept(where(service) + "has no selector, and nothing writes one");
			}
		});
	}

	/**
	 * What waits for databases and secrets can be left out of a first apply. Otherwise a
	 * Rollout that waits too long with them gives up.
	 */
	static void order(Manifests manifests, Consumer<String> findings) {
		for (ObjectNode resource : manifests.resources()) {
			String kind = Kustomize.kind(resource);
			boolean last = LAST.contains(kind) || (kind.equals("Deployment") && WorkloadRules.isService(resource));
			boolean labelled = resource.at("/metadata/labels").path(COMPONENT).asText().equals("service");
			if (last && !labelled) {
				findings.accept(where(resource) + "is applied before what it waits for");
			}
			if (labelled && (FIRST.contains(kind) || (kind.equals("Deployment") && !last))) {
				findings.accept(where(resource) + "is applied after what waits for it");
			}
		}
		manifests.of("Rollout")
			.filter((rollout) -> rollout.at("/spec/progressDeadlineSeconds").asInt(LEAST_DEADLINE) < LEAST_DEADLINE)
			.forEach((rollout) -> findings.accept(
					where(rollout) + "gives up after " + rollout.at("/spec/progressDeadlineSeconds").asInt() + " s"));
	}

	/** By this label kube-prometheus-stack finds what it reads. */
	static void monitors(Manifests manifests, Consumer<String> findings) {
		manifests.of("PodMonitor", "ServiceMonitor", "PrometheusRule")
			.filter((monitor) -> monitor.at("/metadata/labels/release").asText().isEmpty())
			.forEach((monitor) -> findings.accept(where(monitor) + "no Prometheus selects it"));
	}

	/** Every pod can be pulled for, or none. */
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
