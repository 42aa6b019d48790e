package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows for each rule that it finds a planted mistake. */
class PlantedMistakesTests {

	private static final Variant DEMO = Variant.of("demo");

	private static final Variant PRODUCTION = Variant.of("production");

	private static final Variant EVERYTHING = Variant.of("production", "mesh", "ingress", "canary-autoscaled");

	private static final Variant AUTOSCALED = Variant.of("production", "autoscaling");

	private static final Variant PULLED = Variant.of("production", "pull-secret");

	private static final String CONTAINER = "/spec/template/spec/containers/0";

	@ParameterizedTest
	@MethodSource("mistakes")
	void isFound(Mistake mistake) {
		Manifests manifests = Manifests.of(mistake.variant());
		assertThat(mistake.rule().findings(manifests)).isEmpty();
		mistake.plant().accept(manifests);
		assertThat(mistake.rule().findings(manifests))
			.anySatisfy((finding) -> assertThat(finding).contains(mistake.finding()));
	}

	static Stream<Mistake> mistakes() {
		return Stream.of(
				mistake("an unknown field", Rule.MODELS, "periodSecond", DEMO, "Deployment", "order-service",
						add(CONTAINER + "/livenessProbe/periodSecond", "5")),
				mistake("an unknown field in a list of an operator's resource", Rule.MODELS, "metricTyp", AUTOSCALED,
						"ScaledObject", "order-service", add("/spec/triggers/0/metricTyp", "Utilization")),
				mistake("an unknown field of Strimzi's", Rule.MODELS, "replica", PRODUCTION, "KafkaTopic",
						"order.events", add("/spec/replica", "3")),
				mistake("an unknown field of the mesh", Rule.MODELS, "modes", EVERYTHING, "PeerAuthentication",
						"mutual-tls", add("/spec/mtls/modes", "STRICT")),
				mistake("text for a number", Rule.MODELS, "three", DEMO, "Deployment", "order-service",
						replace("/spec/replicas", "three")),
				mistake("a number for text", Rule.MODELS, "value", DEMO, "StatefulSet", "payment-simulator",
						add(CONTAINER + "/env/0/value", "8080")),
				mistake("a value that an operator does not know", Rule.MODELS, "STRICTEST", EVERYTHING,
						"PeerAuthentication", "mutual-tls", replace("/spec/mtls/mode", "STRICTEST")),
				mistake("a required field that is missing", Rule.MODELS, "secretStoreRef", PRODUCTION, "ExternalSecret",
						"edge", remove("/spec/secretStoreRef")),
				mistake("an unknown version of a kind", Rule.MODELS, "no model of apps/v2", DEMO, "Deployment",
						"order-service", replace("/apiVersion", "apps/v2")),
				new Mistake("a resource twice", Rule.DUPLICATES, "v1 Service order-service", DEMO,
						(manifests) -> manifests.resources().add(manifests.get("Service", "order-service").deepCopy())),
				mistake("a variable twice", Rule.DUPLICATES, "EDGE_SECRET", DEMO, "Deployment", "api-gateway",
						add(CONTAINER + "/env/-", "{name: EDGE_SECRET, value: x}")),
				mistake("a missing ConfigMap", Rule.REFERENCES, "there is no ConfigMap nowhere", DEMO, "Deployment",
						"order-service", replace(CONTAINER + "/envFrom/0/configMapRef/name", "nowhere")),
				mistake("a missing service account", Rule.REFERENCES, "there is no ServiceAccount nobody", DEMO,
						"Deployment", "order-service", replace("/spec/template/spec/serviceAccountName", "nobody")),
				mistake("a missing volume", Rule.REFERENCES, "mounts", DEMO, "StatefulSet", "postgres",
						remove("/spec/volumeClaimTemplates/0")),
				mistake("a missing claim", Rule.REFERENCES, "there is no PersistentVolumeClaim gone", DEMO,
						"Deployment", "order-service",
						replace("/spec/template/spec/volumes/0",
								"{name: tmp, persistentVolumeClaim: {claimName: gone}}")),
				mistake("an autoscaler without a target", Rule.REFERENCES, "api-gatewy", AUTOSCALED,
						"HorizontalPodAutoscaler", "api-gateway", replace("/spec/scaleTargetRef/name", "api-gatewy")),
				mistake("a missing analysis", Rule.REFERENCES, "AnalysisTemplate luck", EVERYTHING, "Rollout",
						"order-service", replace("/spec/strategy/canary/analysis/templates/0/templateName", "luck")),
				mistake("a route to a missing port", Rule.REFERENCES, "with the port 8081", EVERYTHING, "HTTPRoute",
						"shop", replace("/spec/rules/0/backendRefs/0/port", "8081")),
				mistake("the address of a missing service", Rule.REFERENCES, "there is no Service postgres-rv",
						PRODUCTION, "ConfigMap", "platform", replace("/data/POSTGRES_ADDRESS", "postgres-rv:5432")),
				mistake("a missing replica", Rule.REFERENCES, "there is no Service postgres-or", PRODUCTION,
						"Deployment", "order-service",
						add(CONTAINER + "/env/-",
								"{name: SAGAMART_DATABASE_REPLICA_URL, value: 'jdbc:postgresql://postgres-or:5432/sagamart'}")),
				mistake("a certificate that nothing creates", Rule.REFERENCES, "edge-cert", EVERYTHING, "Gateway",
						"edge", replace("/spec/listeners/1/tls/certificateRefs/0/name", "edge-cert")),
				mistake("a secret that nothing creates", Rule.SECRETS, "nothing creates the secret sealed", DEMO,
						"Deployment", "order-service",
						replace(CONTAINER + "/env/0/valueFrom/secretKeyRef/name", "sealed")),
				mistake("a missing key of a secret", Rule.SECRETS, "needed are [masterkey]", PRODUCTION, "Deployment",
						"user-service", replace(CONTAINER + "/env/2/valueFrom/secretKeyRef/key", "masterkey")),
				mistake("a secret in clear", Rule.CLEAR_SECRETS, "contains a secret", DEMO, "Deployment",
						"order-service", replace(CONTAINER + "/env/0", "{name: POSTGRES_PASSWORD, value: hunter2}")),
				mistake("a secret in an address", Rule.CLEAR_SECRETS, "contains a secret", DEMO, "ConfigMap",
						"redis-client", replace("/data/REDIS_ADDRESS", "redis://:hunter2@redis:6379")),
				mistake("a service that selects nothing", Rule.SELECTORS, "selects no pod", DEMO, "Service",
						"order-service", replace("/spec/selector/app.kubernetes.io~1name", "orders")),
				mistake("a disruption budget that selects nothing", Rule.SELECTORS, "selects no pod", DEMO,
						"PodDisruptionBudget", "order-service",
						replace("/spec/selector/matchLabels/app.kubernetes.io~1name", "orders")),
				mistake("a monitor that selects nothing", Rule.SELECTORS, "selects no pod", PRODUCTION, "PodMonitor",
						"services", replace("/spec/selector/matchLabels/app.kubernetes.io~1component", "servant")),
				mistake("a workload that selects the pods of another", Rule.SELECTORS, "order-service", DEMO,
						"Deployment", "order-service",
						replace("/spec/selector/matchLabels/app.kubernetes.io~1name", "user-service")),
				mistake("a port of a service without a listener", Rule.PORTS, "port management is not a port", DEMO,
						"Service", "order-service", replace("/spec/ports/1/targetPort", "metrics")),
				mistake("a port other than the application's", Rule.PORTS, "order-service listens on", DEMO,
						"Deployment", "order-service", replace(CONTAINER + "/ports/0/containerPort", "8080")),
				mistake("the latest image", Rule.IMAGES, "redis:latest", DEMO, "StatefulSet", "redis",
						replace(CONTAINER + "/image", "redis:latest")),
				mistake("an image without a version", Rule.IMAGES, "registry:5000/redis", DEMO, "StatefulSet", "redis",
						replace(CONTAINER + "/image", "registry:5000/redis")),
				mistake("an image whose minor version changes", Rule.IMAGES, "redis:8 has no fixed", DEMO,
						"StatefulSet", "redis", replace(CONTAINER + "/image", "'redis:8'")),
				mistake("an image of PostgreSQL that is no longer built", Rule.IMAGES, "postgresql:18.6 is none of",
						PRODUCTION, "Cluster", "postgres",
						replace("/spec/imageName", "ghcr.io/cloudnative-pg/postgresql:18.6")),
				mistake("a name that needs a search domain", Rule.NAMES,
						"redis-0.redis-nodes:6379 is not the full name", PRODUCTION, "ConfigMap", "redis",
						replace("/data/haproxy.cfg", "'  server redis-0 redis-0.redis-nodes:6379'")),
				mistake("a name in another namespace", Rule.NAMES, "redis-0.redis-nodes.default.svc.cluster.local:6379",
						PRODUCTION, "ConfigMap", "redis",
						replace("/data/haproxy.cfg",
								"'  server redis-0 \"redis-0.redis-nodes.default.svc.cluster.local:6379\"'")),
				mistake("a missing variable for the namespace", Rule.NAMES, "haproxy has no variable NAMESPACE",
						PRODUCTION, "Deployment", "redis-proxy", remove(CONTAINER + "/env/1")),
				mistake("a pod without a pull secret", Rule.PULL_SECRETS, "some without", PULLED, "ServiceAccount",
						"order-service", remove("/imagePullSecrets")),
				mistake("a pull secret that nothing creates", Rule.SECRETS, "nothing creates the secret registri",
						PULLED, "ServiceAccount", "order-service", replace("/imagePullSecrets/0/name", "registri")),
				mistake("a selector that a controller writes too", Rule.OWNERS, "also written by Argo Rollouts",
						EVERYTHING, "Service", "api-gateway",
						add("/spec/selector", "{app.kubernetes.io/name: api-gateway}")),
				mistake("a selector that nothing writes", Rule.OWNERS, "no controller writes one", EVERYTHING,
						"Service", "order-service", remove("/spec/selector")),
				mistake("a Rollout before its database", Rule.ORDER, "Rollout order-service: is applied before",
						EVERYTHING, "Rollout", "order-service", remove("/metadata/labels")),
				mistake("a database after what depends on it", Rule.ORDER, "Cluster postgres: is applied after",
						PRODUCTION, "Cluster", "postgres",
						add("/metadata/labels", "{app.kubernetes.io/component: service}")),
				mistake("a Rollout with a short deadline", Rule.ORDER, "gives up after 300 s", EVERYTHING, "Rollout",
						"order-service", replace("/spec/progressDeadlineSeconds", "300")),
				mistake("a monitor that nothing selects", Rule.MONITORS, "no Prometheus selects it", PRODUCTION,
						"PodMonitor", "services", remove("/metadata/labels/release")),
				mistake("no limit", Rule.LIMITS, "no limit of memory", DEMO, "StatefulSet", "kafka",
						remove(CONTAINER + "/resources/limits/memory")),
				mistake("a request above the limit", Rule.LIMITS, "requests more cpu", DEMO, "StatefulSet", "kafka",
						replace(CONTAINER + "/resources/requests/cpu", "2500m")),
				mistake("no readiness probe", Rule.PROBES, "no readinessProbe", DEMO, "StatefulSet", "kafka",
						remove(CONTAINER + "/readinessProbe")),
				mistake("a liveness probe that depends on the database", Rule.PROBES, "livenessProbe", DEMO,
						"Deployment", "order-service",
						replace(CONTAINER + "/livenessProbe/httpGet/path", "/actuator/health/readiness")),
				mistake("root", Rule.RIGHTS, "may run as root", DEMO, "StatefulSet", "redis",
						replace("/spec/template/spec/securityContext/runAsUser", "0")),
				mistake("a mounted token", Rule.RIGHTS, "mounts its token", DEMO, "Deployment", "order-service",
						remove("/spec/template/spec/automountServiceAccountToken")),
				mistake("a kept capability", Rule.RIGHTS, "keeps capabilities", DEMO, "Deployment", "order-service",
						add(CONTAINER + "/securityContext/capabilities/add", "[NET_ADMIN]")),
				mistake("a grace period that is too short", Rule.SHUTDOWN, "is killed after PT30S", DEMO, "Deployment",
						"order-service", replace("/spec/template/spec/terminationGracePeriodSeconds", "30")),
				mistake("no disruption budget", Rule.DISRUPTION, "has no disruption budget", PRODUCTION,
						"PodDisruptionBudget", "redis",
						replace("/spec/selector/matchLabels/sagamart.dev~1server", "redis-node")),
				mistake("no spreading", Rule.DISRUPTION, "is not spread", PRODUCTION, "Deployment", "order-service",
						remove("/spec/template/spec/topologySpreadConstraints/0")),
				mistake("spreading that counts tainted nodes", Rule.DISRUPTION, "may not run as empty ones", DEMO,
						"Deployment", "order-service",
						remove("/spec/template/spec/topologySpreadConstraints/0/nodeTaintsPolicy")),
				mistake("the same for the pods of an operator", Rule.DISRUPTION, "KafkaNodePool nodes: counts",
						PRODUCTION, "KafkaNodePool", "nodes",
						replace("/spec/template/pod/topologySpreadConstraints/1/nodeTaintsPolicy", "Ignore")),
				mistake("scaling by memory", Rule.SCALING, "HorizontalPodAutoscaler api-gateway: scales by memory",
						AUTOSCALED, "HorizontalPodAutoscaler", "api-gateway",
						add("/spec/metrics/-",
								"{type: Resource, resource: {name: memory, target: {type: Utilization, "
										+ "averageUtilization: 90}}}")),
				mistake("scaling by memory, with KEDA", Rule.SCALING, "ScaledObject order-service: scales by memory",
						AUTOSCALED, "ScaledObject", "order-service",
						add("/spec/triggers/-", "{type: memory, metadata: {value: '90'}}")),
				mistake("a number of replicas and an autoscaler", Rule.SCALING, "2 settings decide", AUTOSCALED,
						"Deployment", "order-service", add("/spec/replicas", "3")),
				mistake("an autoscaler of the Deployment of a Rollout", Rule.SCALING, "api-gateway", EVERYTHING,
						"HorizontalPodAutoscaler", "api-gateway",
						replace("/spec/scaleTargetRef", "{apiVersion: apps/v1, kind: Deployment, name: api-gateway}")),
				mistake("more instances than PostgreSQL has connections", Rule.SCALING, "PostgreSQL allows 400",
						AUTOSCALED, "ScaledObject", "order-service", replace("/spec/maxReplicaCount", "30")),
				mistake("autoscaling and canaries, listed one by one", Rule.SCALING, "is scaled, but its Rollout",
						Variant.of("production", "autoscaling", "canary")),
				mistake("a variable that nobody reads", Rule.ENVIRONMENT, "order-service does not read ORDER_SPEED",
						DEMO, "ConfigMap", "order-service", add("/data/ORDER_SPEED", "fast")),
				mistake("a property that Spring does not have", Rule.ENVIRONMENT, "SPRING_KAFKA_SSL_TRUSTSTORE_TYPE",
						PRODUCTION, "Deployment", "order-service",
						add(CONTAINER + "/env/-", "{name: SPRING_KAFKA_SSL_TRUSTSTORE_TYPE, value: PEM}")),
				mistake("a variable that is needed", Rule.ENVIRONMENT, "needs KAFKA_BOOTSTRAP_SERVERS", DEMO,
						"ConfigMap", "messaging", remove("/data/KAFKA_BOOTSTRAP_SERVERS")),
				mistake("a variable that a profile needs", Rule.ENVIRONMENT, "api-gateway needs TLS_DIRECTORY", DEMO,
						"ConfigMap", "platform", replace("/data/SPRING_PROFILES_ACTIVE", "'demo,tls'")),
				mistake("a secret that is needed", Rule.ENVIRONMENT, "api-gateway needs EDGE_SECRET", DEMO,
						"Deployment", "api-gateway", remove(CONTAINER + "/env/1")),
				mistake("a flow that nothing needs", Rule.FLOWS,
						"unneeded ingress is allowed: payment-service → order-service", DEMO, "NetworkPolicy",
						"order-service",
						add("/spec/ingress/0/from/-",
								"{podSelector: {matchLabels: {app.kubernetes.io/name: payment-service}}}")),
				mistake("a flow without egress", Rule.FLOWS, "egress: order-service → product-service 7082", DEMO,
						"NetworkPolicy", "order-service", remove("/spec/egress/1")),
				mistake("a peer without a party", Rule.FLOWS, "no party matches", DEMO, "NetworkPolicy", "redis",
						add("/spec/ingress/0/from/-", "{podSelector: {matchLabels: {app.kubernetes.io/name: shop}}}")),
				mistake("a policy for every address", Rule.FLOWS, "unneeded ingress is allowed: anywhere → redis", DEMO,
						"NetworkPolicy", "redis", remove("/spec/ingress/0/from")),
				mistake("a policy for every port", Rule.FLOWS, "a rule allows every port", DEMO, "NetworkPolicy",
						"redis", remove("/spec/ingress/0/ports")),
				mistake("the cluster's API among addresses outside of it", Rule.FLOWS, "no party matches", PRODUCTION,
						"NetworkPolicy", "kafka-entity-operator",
						add("/spec/egress/1/to", "[{ipBlock: {cidr: 0.0.0.0/0}}]")),
				mistake("clients among addresses outside", Rule.FLOWS, "ingress: anywhere → ingress 443", EVERYTHING,
						"NetworkPolicy", "ingress", add("/spec/ingress/0/from", "[{ipBlock: {cidr: 0.0.0.0/0}}]")),
				mistake("no flow to a node's own name server", Rule.FLOWS,
						"egress: order-service → name-cache-of-the-node 53/UDP", DEMO, "NetworkPolicy",
						"name-resolution", remove("/spec/egress/0/to/1")),
				mistake("a database without ingress for its operator", Rule.FLOWS,
						"ingress: postgres-operator → postgres 5432", PRODUCTION, "NetworkPolicy", "postgres",
						remove("/spec/ingress/2/ports/0")),
				new Mistake("no default deny", Rule.FLOWS, "no network policy denies", DEMO,
						(manifests) -> manifests.resources().remove(manifests.get("NetworkPolicy", "default-deny"))),
				mistake("an unneeded caller", Rule.MESH, "an unneeded call: order-service → payment-service",
						EVERYTHING, "AuthorizationPolicy", "payment-service",
						add("/spec/rules/0/from/0/source/principals/-", "cluster.local/ns/sagamart/sa/order-service")),
				mistake("a caller without access", Rule.MESH, "allows: order-service → product-service 7082",
						EVERYTHING, "AuthorizationPolicy", "product-service", remove("/spec/rules/1")),
				mistake("a mesh that retries", Rule.MESH, "the mesh retries", EVERYTHING, "VirtualService",
						"payment-service", replace("/spec/http/0/retries/attempts", "2")),
				mistake("permissive mutual TLS", Rule.MESH, "mutual TLS", EVERYTHING, "PeerAuthentication",
						"mutual-tls", replace("/spec/mtls/mode", "PERMISSIVE")),
				mistake("a topic that is missing", Rule.MESSAGING, "the services use the topics", PRODUCTION,
						"KafkaTopic", "stock.commands", replace("/metadata/name", "stock.comands")),
				mistake("messages that stay longer than inbox entries", Rule.MESSAGING,
						"the topic stock.commands has wrong settings", PRODUCTION, "KafkaTopic", "stock.commands",
						remove("/spec/config/segment.ms")),
				mistake("a reader without access", Rule.MESSAGING, "KafkaUser payment-service: lacks Read topic",
						PRODUCTION, "KafkaUser", "payment-service",
						replace("/spec/authorization/acls/2/operations", "[Describe]")),
				mistake("instances whose groups are shut out", Rule.MESSAGING,
						"KafkaUser product-service: lacks Read group product-service.instance.*", PRODUCTION,
						"KafkaUser", "product-service", remove("/spec/authorization/acls/7/resource/patternType")),
				mistake("a topic with two writers", Rule.MESSAGING, "payment.commands is written by", PRODUCTION,
						"KafkaUser", "user-service",
						add("/spec/authorization/acls/-",
								"{resource: {type: topic, name: payment.commands}, operations: [Write]}")),
				mistake("a session time-out that is too long", Rule.MESSAGING, "keeps its partitions", PRODUCTION,
						"Kafka", "kafka", replace("/spec/kafka/config/group.consumer.session.timeout.ms", "45000")));
	}

	/** A mistake in the combination of components. */
	private static Mistake mistake(String name, Rule rule, String finding, Variant variant) {
		return new Mistake(name, rule, finding, PRODUCTION, (manifests) -> {
			manifests.resources().clear();
			manifests.resources().addAll(variant.build());
		});
	}

	private static Mistake mistake(String name, Rule rule, String finding, Variant variant, String kind,
			String resource, String operation) {
		return new Mistake(name, rule, finding, variant, (manifests) -> {
			ObjectNode target = manifests.of(kind)
				.filter((candidate) -> Kustomize.name(candidate).matches(resource + "(-[a-z0-9]{10})?"))
				.findAny()
				.orElseThrow();
			JsonNode patched = JsonPatch.apply(Yaml.value(operation), target);
			target.removeAll();
			target.setAll((ObjectNode) patched);
		});
	}

	private static String add(String path, String value) {
		return "[{op: add, path: '" + path + "', value: " + value + "}]";
	}

	private static String replace(String path, String value) {
		return "[{op: replace, path: '" + path + "', value: " + value + "}]";
	}

	private static String remove(String path) {
		return "[{op: remove, path: '" + path + "'}]";
	}

	record Mistake(String name, Rule rule, String finding, Variant variant, Consumer<Manifests> plant) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
