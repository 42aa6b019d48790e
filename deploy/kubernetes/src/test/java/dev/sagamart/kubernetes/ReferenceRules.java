package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** References between resources lead to existing resources. */
final class ReferenceRules {

	private static final Pattern SECRET_NAME = Pattern.compile("(?i).*(password|secret|token|[_.-]key|credential)s?");

	private static final Pattern SECRET_VALUE = Pattern.compile("(?s).*(://[^/\\s:@]*:[^$/\\s@][^/\\s@]*@|BEGIN [A-Z ]*"
			+ "PRIVATE KEY|sk_(test|live)_\\w|password=(?!\\$)\\S).*");

	private static final Pattern ADDRESS = Pattern.compile("(?:[\\w:]+://)?(?:.*@)?([a-z][a-z0-9-]*):(\\d+)(?:/.*)?");

	private static final Pattern PRINCIPAL = Pattern.compile("cluster\\.local/ns/sagamart/sa/(.+)");

	/** Istio creates this account for the Gateway "edge". */
	private static final Set<String> ACCOUNTS_OF_OTHERS = Set.of("edge-istio");

	private ReferenceRules() {
	}

	static void references(Manifests manifests, Consumer<String> findings) {
		manifests.workloads().forEach((workload) -> ofPods(manifests, workload, findings));
		for (ObjectNode resource : manifests.resources()) {
			JsonNode spec = resource.path("spec");
			switch (Kustomize.kind(resource)) {
				case "StatefulSet" -> need(manifests, resource, "Service", spec.path("serviceName"), findings);
				case "HorizontalPodAutoscaler", "ScaledObject" ->
					needTarget(manifests, resource, spec.path("scaleTargetRef"), findings);
				case "VerticalPodAutoscaler" -> needTarget(manifests, resource, spec.path("targetRef"), findings);
				case "Rollout" -> {
					needTarget(manifests, resource, spec.path("workloadRef"), findings);
					ofStrategy(manifests, resource, findings);
				}
				case "Cluster" -> {
					Yaml.elements(spec, "plugins")
						.forEach((plugin) -> need(manifests, resource, "ObjectStore",
								plugin.at("/parameters/barmanObjectName"), findings));
					Yaml.elements(spec.at("/bootstrap/initdb/postInitApplicationSQLRefs"), "configMapRefs")
						.forEach((map) -> needKey(manifests, resource, map, map.path("key"), findings));
				}
				case "ScheduledBackup" -> need(manifests, resource, "Cluster", spec.at("/cluster/name"), findings);
				case "ExternalSecret" ->
					need(manifests, resource, "SecretStore", spec.at("/secretStoreRef/name"), findings);
				case "SecretStore" -> need(manifests, resource, "ServiceAccount",
						spec.at("/provider/vault/auth/kubernetes/serviceAccountRef/name"), findings);
				case "KafkaTopic", "KafkaUser", "KafkaNodePool" -> need(manifests, resource, "Kafka",
						resource.path("metadata").path("labels").path("strimzi.io/cluster"), findings);
				case "Certificate" -> need(manifests, resource, "Issuer", spec.at("/issuerRef/name"), findings);
				case "Gateway" -> Yaml.elements(spec, "listeners")
					.flatMap((listener) -> Yaml.elements(listener.path("tls"), "certificateRefs"))
					.filter((reference) -> manifests.of("Certificate")
						.noneMatch((certificate) -> certificate.at("/spec/secretName").equals(reference.path("name"))))
					.forEach((reference) -> findings.accept(
							where(resource) + "no Certificate creates the secret " + reference.path("name").asText()));
				case "Issuer" -> Yaml.elements(spec.path("acme"), "solvers")
					.forEach((solver) -> ofRoute(manifests, resource, solver.at("/http01/gatewayHTTPRoute"), findings));
				case "HTTPRoute" -> ofRoute(manifests, resource, spec, findings);
				case "DestinationRule" -> needHost(manifests, resource, spec.path("host"), findings);
				case "VirtualService" -> Stream
					.concat(Yaml.elements(spec, "hosts"),
							Yaml.elements(spec, "http")
								.flatMap((http) -> Yaml.elements(http, "route"))
								.map((route) -> route.at("/destination/host")))
					.forEach((host) -> needHost(manifests, resource, host, findings));
				case "AuthorizationPolicy" -> Yaml.elements(spec, "rules")
					.flatMap((rule) -> Yaml.elements(rule, "from"))
					.flatMap((from) -> Yaml.texts(from.path("source"), "principals"))
					.forEach((principal) -> needAccount(manifests, resource, principal, findings));
				default -> {
				}
			}
		}
		addresses(manifests, findings);
	}

	private static void ofPods(Manifests manifests, ObjectNode workload, Consumer<String> findings) {
		JsonNode pod = Manifests.podSpec(workload);
		need(manifests, workload, "ServiceAccount", pod.path("serviceAccountName"), findings);
		Manifests.allContainers(workload).forEach((container) -> {
			Yaml.elements(container, "envFrom")
				.filter((source) -> source.has("configMapRef"))
				.forEach((source) -> need(manifests, workload, "ConfigMap", source.at("/configMapRef/name"), findings));
			Yaml.elements(container, "env")
				.map((variable) -> variable.at("/valueFrom/configMapKeyRef"))
				.filter(JsonNode::isObject)
				.forEach((map) -> needKey(manifests, workload, map, map.path("key"), findings));
		});
		Set<String> volumes = Stream
			.concat(Yaml.elements(pod, "volumes").map((volume) -> volume.path("name").asText()),
					Yaml.elements(workload.path("spec"), "volumeClaimTemplates").map(Kustomize::name))
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> mounted = Manifests.allContainers(workload)
			.flatMap((container) -> Yaml.elements(container, "volumeMounts"))
			.map((mount) -> mount.path("name").asText())
			.collect(Collectors.toCollection(TreeSet::new));
		if (!volumes.equals(mounted)) {
			findings.accept(where(workload) + "has the volumes " + volumes + " and mounts " + mounted);
		}
		Yaml.elements(pod, "volumes").forEach((volume) -> {
			JsonNode map = volume.path("configMap");
			if (map.isObject()) {
				need(manifests, workload, "ConfigMap", map.path("name"), findings);
				Yaml.elements(map, "items")
					.forEach((item) -> needKey(manifests, workload, map, item.path("key"), findings));
			}
			if (volume.has("persistentVolumeClaim")) {
				need(manifests, workload, "PersistentVolumeClaim", volume.at("/persistentVolumeClaim/claimName"),
						findings);
			}
		});
	}

	private static void ofStrategy(Manifests manifests, ObjectNode rollout, Consumer<String> findings) {
		JsonNode blueGreen = rollout.at("/spec/strategy/blueGreen");
		if (blueGreen.isObject()) {
			need(manifests, rollout, "Service", blueGreen.path("activeService"), findings);
			need(manifests, rollout, "Service", blueGreen.path("previewService"), findings);
		}
		List<JsonNode> analyses = Yaml.tree(rollout.at("/spec/strategy"))
			.filter((node) -> node.path("templates").isArray())
			.toList();
		if (analyses.isEmpty()) {
			findings.accept(where(rollout) + "has no analysis");
		}
		for (JsonNode analysis : analyses) {
			Set<String> given = names(Yaml.elements(analysis, "args"), "name");
			Set<String> asked = new TreeSet<>();
			Yaml.elements(analysis, "templates").forEach((template) -> {
				need(manifests, rollout, "AnalysisTemplate", template.path("templateName"), findings);
				manifests.find("AnalysisTemplate", template.path("templateName").asText())
					.ifPresent((found) -> asked.addAll(names(Yaml.elements(found.path("spec"), "args"), "name")));
			});
			if (!asked.equals(given)) {
				findings.accept(
						where(rollout) + "passes the arguments " + given + " to its analysis, which needs " + asked);
			}
		}
	}

	private static void ofRoute(Manifests manifests, ObjectNode resource, JsonNode route, Consumer<String> findings) {
		Yaml.elements(route, "parentRefs").forEach((parent) -> {
			need(manifests, resource, "Gateway", parent.path("name"), findings);
			manifests.find("Gateway", parent.path("name").asText())
				.filter((gateway) -> !names(Yaml.elements(gateway.path("spec"), "listeners"), "name")
					.contains(parent.path("sectionName").asText()))
				.ifPresent((gateway) -> findings
					.accept(where(resource) + "no listener " + parent.path("sectionName").asText()));
		});
		Yaml.elements(route, "rules")
			.flatMap((rule) -> Yaml.elements(rule, "backendRefs"))
			.forEach((backend) -> needPort(manifests, where(resource), backend.path("name").asText(),
					backend.path("port").asInt(), findings));
	}

	/** Checks the addresses of services in ConfigMaps and variables. */
	private static void addresses(Manifests manifests, Consumer<String> findings) {
		Stream<Map.Entry<String, String>> configured = manifests.of("ConfigMap")
			.flatMap((map) -> Manifests.strings(map.path("data"))
				.entrySet()
				.stream()
				.map((entry) -> Map.entry(where(map) + entry.getKey(), entry.getValue())));
		Stream<Map.Entry<String, String>> inEnvironment = manifests.workloads()
			.flatMap((workload) -> Manifests.allContainers(workload)
				.flatMap((container) -> Yaml.elements(container, "env"))
				.filter((variable) -> variable.has("value"))
				.map((variable) -> Map.entry(where(workload) + variable.path("name").asText(),
						variable.path("value").asText())));
		Stream.concat(configured, inEnvironment).forEach((setting) -> {
			Matcher address = ADDRESS.matcher(setting.getValue());
			if (address.matches() && !address.group(1).equals("localhost")) {
				needPort(manifests, setting.getKey() + ": ", address.group(1), Integer.parseInt(address.group(2)),
						findings);
			}
		});
	}

	static void secrets(Manifests manifests, Consumer<String> findings) {
		Map<String, List<String>> made = manifests.secretKeys();
		Map<String, Set<String>> used = new LinkedHashMap<>();
		// Operators read these secrets themselves.
		manifests.of("KafkaUser", "Kafka").forEach((resource) -> used.put(Kustomize.name(resource), new TreeSet<>()));
		for (ObjectNode resource : manifests.resources()) {
			Yaml.tree(resource).forEach((node) -> {
				use(node.path("secretKeyRef"), used);
				use(node.path("accessKeyId"), used);
				use(node.path("secretAccessKey"), used);
				Yaml.elements(node, "imagePullSecrets")
					.forEach((pull) -> used.put(pull.path("name").asText(), Set.of(".dockerconfigjson")));
				JsonNode volume = node.path("secret");
				Yaml.elements(volume, "items").forEach((item) -> use(volume.path("secretName"), item, used));
				if (node.has("passwordSecret")) {
					Set<String> keys = used.computeIfAbsent(node.at("/passwordSecret/name").asText(),
							(name) -> new TreeSet<>());
					keys.addAll(Set.of("username", "password"));
				}
				Yaml.elements(node, "certificateRefs")
					.forEach(
							(certificate) -> used.put(certificate.path("name").asText(), Set.of("tls.crt", "tls.key")));
			});
		}
		used.forEach((secret, keys) -> {
			if (!keys.isEmpty() && !made.containsKey(secret)) {
				findings.accept("nothing creates the secret " + secret);
			}
			else if (!made.getOrDefault(secret, List.of()).containsAll(keys)) {
				findings.accept("the secret " + secret + " has " + made.get(secret) + ", needed are " + keys);
			}
		});
		made.keySet()
			.stream()
			.filter((secret) -> !used.containsKey(secret) && !secret.endsWith("-cluster-ca-cert"))
			.forEach((secret) -> findings.accept("nothing uses the secret " + secret));
	}

	private static void use(JsonNode reference, Map<String, Set<String>> used) {
		if (reference.isObject()) {
			use(reference.path("name"), reference, used);
		}
	}

	private static void use(JsonNode name, JsonNode reference, Map<String, Set<String>> used) {
		used.computeIfAbsent(name.asText(), (secret) -> new TreeSet<>()).add(reference.path("key").asText());
	}

	static void clearSecrets(Manifests manifests, Consumer<String> findings) {
		manifests.of("Secret")
			.forEach((secret) -> findings.accept(where(secret) + "a secret must not be in the repository"));
		manifests.of("ConfigMap")
			.forEach((map) -> Manifests.strings(map.path("data"))
				.forEach((key, value) -> clear(where(map) + key, key, value, findings)));
		manifests.workloads()
			.forEach((workload) -> Manifests.allContainers(workload)
				.flatMap((container) -> Yaml.elements(container, "env"))
				.forEach((variable) -> clear(where(workload) + variable.path("name").asText(),
						variable.path("name").asText(), variable.path("value").asText(""), findings)));
	}

	private static void clear(String where, String name, String value, Consumer<String> findings) {
		if ((SECRET_NAME.matcher(name).matches() && !value.isEmpty()) || SECRET_VALUE.matcher(value).matches()) {
			findings.accept(where + " contains a secret");
		}
	}

	static void selectors(Manifests manifests, Consumer<String> findings) {
		for (ObjectNode resource : manifests.resources()) {
			JsonNode spec = resource.path("spec");
			JsonNode selector = switch (Kustomize.kind(resource)) {
				case "NetworkPolicy" -> spec.path("podSelector");
				case "Service" -> manifests.selector(resource);
				case "PodDisruptionBudget", "PodMonitor", "AuthorizationPolicy", "PeerAuthentication", "Rollout" ->
					spec.path("selector");
				default -> spec.path("none");
			};
			if (selector.isObject() && !manifests.selectsSomething(selector)) {
				findings.accept(where(resource) + "selects no pod: " + selector);
			}
		}
		manifests.workloads().forEach((workload) -> {
			Map<String, String> labels = Manifests.strings(workload.at("/spec/template/metadata/labels"));
			JsonNode own = workload.at("/spec/selector");
			if (own.path("matchLabels").isEmpty() || !Manifests.matches(own, labels)) {
				findings.accept(where(workload) + "does not select its own pods");
			}
			Yaml.elements(Manifests.podSpec(workload), "topologySpreadConstraints")
				.filter((constraint) -> !Manifests.matches(constraint.path("labelSelector"), labels))
				.forEach((constraint) -> findings.accept(where(workload) + "spreads pods that are not its own"));
			if (manifests.workloads()
				.anyMatch((other) -> other != workload && Manifests.matches(other.at("/spec/selector"), labels))) {
				findings.accept(where(workload) + "another workload selects its pods too");
			}
		});
	}

	static void ports(Manifests manifests, Consumer<String> findings) {
		manifests.of("Service").forEach((service) -> {
			List<ObjectNode> selected = manifests.workloads()
				.filter((workload) -> Manifests.matches(manifests.selector(service),
						Manifests.strings(workload.at("/spec/template/metadata/labels"))))
				.toList();
			Yaml.elements(service.path("spec"), "ports").forEach((port) -> {
				JsonNode target = port.has("targetPort") ? port.get("targetPort") : port.path("port");
				selected.stream()
					.filter((workload) -> Manifests.containers(workload)
						.flatMap((container) -> Yaml.elements(container, "ports"))
						.noneMatch((there) -> there.path("name").equals(target)
								|| there.path("containerPort").equals(target)))
					.forEach((workload) -> findings.accept(where(service) + "port " + port.path("name").asText()
							+ " is not a port of " + Kustomize.name(workload)));
			});
		});
		manifests.workloads().forEach((workload) -> Manifests.containers(workload).forEach((container) -> {
			Set<String> ports = names(Yaml.elements(container, "ports"), "name");
			Stream.of("startupProbe", "livenessProbe", "readinessProbe")
				.map(container::path)
				.flatMap((probe) -> Stream.of(probe.at("/httpGet/port"), probe.at("/tcpSocket/port")))
				.filter((port) -> !port.isMissingNode() && !ports.contains(port.asText()))
				.forEach((port) -> findings
					.accept(where(workload) + "a probe uses the port " + port + ", which is none of " + ports));
		}));
		for (String service : Manifests.SERVICES) {
			Set<Integer> configured = Application.of(service).ports();
			Set<Integer> declared = Manifests.containers(manifests.get("Deployment", service))
				.flatMap((container) -> Yaml.elements(container, "ports"))
				.map((port) -> port.path("containerPort").asInt())
				.collect(Collectors.toCollection(TreeSet::new));
			if (!declared.equals(configured)) {
				findings.accept(service + " listens on " + configured + ", but the declared ports are " + declared);
			}
		}
		manifests.of("PodMonitor")
			.filter((monitor) -> monitor.at("/spec/selector/matchLabels").has("app.kubernetes.io/component"))
			.forEach((monitor) -> Yaml.elements(monitor.path("spec"), "podMetricsEndpoints")
				.forEach((endpoint) -> manifests.workloads()
					.filter((workload) -> Manifests.matches(monitor.at("/spec/selector"),
							Manifests.strings(workload.at("/spec/template/metadata/labels"))))
					.filter((workload) -> Manifests.containers(workload)
						.flatMap((container) -> Yaml.elements(container, "ports"))
						.noneMatch((port) -> port.path("name").equals(endpoint.path("port"))))
					.forEach((workload) -> findings.accept(where(monitor) + Kustomize.name(workload) + " has no port "
							+ endpoint.path("port").asText()))));
	}

	private static void need(Manifests manifests, JsonNode resource, String kind, JsonNode name,
			Consumer<String> findings) {
		if (manifests.find(kind, name.asText()).isEmpty()) {
			findings.accept(where(resource) + "there is no " + kind + " " + name.asText());
		}
	}

	private static void needTarget(Manifests manifests, JsonNode resource, JsonNode target, Consumer<String> findings) {
		if (manifests.of(target.path("kind").asText())
			.noneMatch((candidate) -> Kustomize.name(candidate).equals(target.path("name").asText())
					&& candidate.path("apiVersion").equals(target.path("apiVersion")))) {
			findings.accept(where(resource) + "there is no " + target);
		}
	}

	private static void needKey(Manifests manifests, JsonNode resource, JsonNode map, JsonNode key,
			Consumer<String> findings) {
		need(manifests, resource, "ConfigMap", map.path("name"), findings);
		manifests.find("ConfigMap", map.path("name").asText())
			.filter((found) -> !found.path("data").has(key.asText()))
			.ifPresent((found) -> findings.accept(where(resource) + Kustomize.name(found) + " has no " + key.asText()));
	}

	private static void needHost(Manifests manifests, JsonNode resource, JsonNode host, Consumer<String> findings) {
		String suffix = ".sagamart.svc.cluster.local";
		String name = host.asText();
		if (!name.endsWith(suffix)
				|| manifests.find("Service", name.substring(0, name.length() - suffix.length())).isEmpty()) {
			findings.accept(where(resource) + "there is no Service " + name);
		}
	}

	private static void needPort(Manifests manifests, String where, String service, int port,
			Consumer<String> findings) {
		if (!manifests.servicePorts().getOrDefault(service, List.of()).contains(port)) {
			findings.accept(where + "there is no Service " + service + " with the port " + port);
		}
	}

	private static void needAccount(Manifests manifests, JsonNode resource, String principal,
			Consumer<String> findings) {
		Matcher matcher = PRINCIPAL.matcher(principal);
		if (!matcher.matches() || (!ACCOUNTS_OF_OTHERS.contains(matcher.group(1))
				&& manifests.find("ServiceAccount", matcher.group(1)).isEmpty())) {
			findings.accept(where(resource) + "there is no ServiceAccount " + principal);
		}
	}

	private static Set<String> names(Stream<JsonNode> elements, String field) {
		return elements.map((element) -> element.path(field).asText()).collect(Collectors.toCollection(TreeSet::new));
	}

	static String where(JsonNode resource) {
		return Kustomize.kind(resource) + " " + Kustomize.name(resource) + ": ";
	}

}
