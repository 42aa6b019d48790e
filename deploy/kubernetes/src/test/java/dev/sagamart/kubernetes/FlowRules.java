package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares network and authorization policies with {@link Flows}. */
final class FlowRules {

	private static final String INGRESS_ACCOUNT = "edge-istio";

	private static final String INJECT = "sidecar.istio.io/inject";

	private FlowRules() {
	}

	static void networkPolicies(Manifests manifests, Consumer<String> findings) {
		Flows flows = new Flows(manifests);
		flows.inside()
			.filter((party) -> flows.pods(party).isEmpty())
			.forEach((party) -> findings.accept("flows.yaml: there is no pod of " + party));
		if (manifests.of("NetworkPolicy").noneMatch(FlowRules::deniesAll)) {
			findings.accept("no network policy denies everything by default");
		}
		Set<Flow> entering = new LinkedHashSet<>();
		Set<Flow> leaving = new LinkedHashSet<>();
		manifests.of("NetworkPolicy").forEach((policy) -> {
			List<String> subjects = flows.selected(policy.at("/spec/podSelector")).toList();
			Yaml.elements(policy.path("spec"), "ingress")
				.forEach((rule) -> allowed(policy, flows, rule, "from", findings).forEach((end) -> subjects
					.forEach((subject) -> entering.add(new Flow(end.getKey(), subject, end.getValue())))));
			Yaml.elements(policy.path("spec"), "egress")
				.forEach((rule) -> allowed(policy, flows, rule, "to", findings).forEach((end) -> subjects
					.forEach((subject) -> leaving.add(new Flow(subject, end.getKey(), end.getValue())))));
			declaresItsDirections(policy, findings);
		});
		Set<Flow> needed = flows.needed();
		for (Flow flow : needed) {
			if (flows.isInside(flow.from()) && !leaving.contains(flow)) {
				findings.accept("no network policy allows egress: " + flow);
			}
			if (flows.isInside(flow.to()) && !entering.contains(flow)) {
				findings.accept("no network policy allows ingress: " + flow);
			}
		}
		leaving.stream()
			.filter((flow) -> !needed.contains(flow))
			.forEach((flow) -> findings.accept("unneeded egress is allowed: " + flow));
		entering.stream()
			.filter((flow) -> !needed.contains(flow))
			.forEach((flow) -> findings.accept("unneeded ingress is allowed: " + flow));
	}

	private static boolean deniesAll(JsonNode policy) {
		JsonNode spec = policy.path("spec");
		return spec.path("podSelector").isEmpty() && !spec.has("ingress") && !spec.has("egress")
				&& Yaml.texts(spec, "policyTypes").collect(Collectors.toSet()).equals(Set.of("Ingress", "Egress"));
	}

	private static void declaresItsDirections(ObjectNode policy, Consumer<String> findings) {
		Set<String> types = Yaml.texts(policy.path("spec"), "policyTypes").collect(Collectors.toSet());
		if (!deniesAll(policy) && (types.contains("Ingress") != policy.path("spec").has("ingress")
				|| types.contains("Egress") != policy.path("spec").has("egress"))) {
			findings.accept(ReferenceRules.where(policy) + "has other rules than for its policy types " + types);
		}
	}

	/** The allowed parties of a rule, with the ports. */
	private static Stream<Map.Entry<String, String>> allowed(ObjectNode policy, Flows flows, JsonNode rule,
			String direction, Consumer<String> findings) {
		if (rule.path("ports").isEmpty()) {
			findings.accept(ReferenceRules.where(policy) + "a rule allows every port");
		}
		List<String> ports = Yaml.elements(rule, "ports")
			.map((port) -> port.path("port").asText()
					+ (port.path("protocol").asText("TCP").equals("TCP") ? "" : "/" + port.path("protocol").asText()))
			.toList();
		Stream<String> parties = rule.path(direction).isEmpty() ? flows.everybody()
				: Yaml.elements(rule, direction).flatMap((peer) -> {
					List<String> matching = flows.matching(peer).toList();
					if (matching.isEmpty()) {
						findings.accept(ReferenceRules.where(policy) + "no party matches " + peer);
					}
					return matching.stream();
				});
		return parties.flatMap((party) -> ports.stream().map((port) -> Map.entry(party, port)));
	}

	static void mesh(Manifests manifests, Consumer<String> findings) {
		manifests.podLabels()
			.stream()
			.filter((labels) -> !"service".equals(labels.get("app.kubernetes.io/component"))
					&& labels.containsKey("sagamart.dev/server") && !"false".equals(labels.get(INJECT)))
			.forEach((labels) -> findings.accept("a mesh would inject a sidecar into " + labels));
		if (!manifests.variant().has("mesh")) {
			return;
		}
		authorization(manifests, findings);
		if (manifests.of("PeerAuthentication")
			.noneMatch((peers) -> !peers.path("spec").has("selector")
					&& peers.at("/spec/mtls/mode").asText().equals("STRICT"))
				|| manifests.of("PeerAuthentication").count() != 1) {
			findings.accept("mutual TLS is not required everywhere");
		}
		if (manifests.of("Namespace")
			.noneMatch((namespace) -> namespace.at("/metadata/labels/istio-injection").asText().equals("enabled"))) {
			findings.accept("no pod gets a sidecar");
		}
		for (String service : Manifests.SERVICES) {
			traffic(manifests, service, findings);
		}
	}

	private static void authorization(Manifests manifests, Consumer<String> findings) {
		Flows flows = new Flows(manifests);
		Set<String> callers = new TreeSet<>(Manifests.SERVICES);
		callers.add("ingress");
		Set<Flow> needed = flows.needed("ingress")
			.stream()
			.filter((flow) -> callers.contains(flow.from()) && Manifests.SERVICES.contains(flow.to()))
			.collect(Collectors.toCollection(LinkedHashSet::new));
		Set<Flow> allowed = new LinkedHashSet<>();
		Set<String> denied = new TreeSet<>();
		manifests.of("AuthorizationPolicy").forEach((policy) -> {
			List<String> subjects = flows.selected(policy.at("/spec/selector")).toList();
			if (!policy.path("spec").has("rules")) {
				denied.addAll(subjects);
			}
			Yaml.elements(policy.path("spec"), "rules").forEach((rule) -> {
				List<String> ports = Yaml.elements(rule, "to")
					.flatMap((to) -> Yaml.texts(to.path("operation"), "ports"))
					.toList();
				List<String> accounts = Yaml.elements(rule, "from")
					.flatMap((from) -> Yaml.texts(from.path("source"), "principals"))
					.map((principal) -> principal.substring(principal.lastIndexOf('/') + 1))
					.map((account) -> account.equals(INGRESS_ACCOUNT) ? "ingress" : account)
					.toList();
				if (ports.isEmpty() || accounts.isEmpty()) {
					findings.accept(ReferenceRules.where(policy) + "a rule allows every caller or every port");
				}
				subjects.forEach((subject) -> accounts
					.forEach((account) -> ports.forEach((port) -> allowed.add(new Flow(account, subject, port)))));
			});
		});
		if (!denied.containsAll(Manifests.SERVICES)) {
			findings.accept("only " + denied + " deny requests by default");
		}
		needed.stream()
			.filter((flow) -> !allowed.contains(flow))
			.forEach((flow) -> findings.accept("no authorization policy allows: " + flow));
		allowed.stream()
			.filter((flow) -> !needed.contains(flow))
			.forEach((flow) -> findings.accept("an authorization policy allows an unneeded call: " + flow));
	}

	private static void traffic(Manifests manifests, String service, Consumer<String> findings) {
		String host = service + ".sagamart.svc.cluster.local";
		if (manifests.of("DestinationRule")
			.noneMatch((rule) -> rule.at("/spec/host").asText().equals(host)
					&& rule.at("/spec/trafficPolicy/outlierDetection").isObject())) {
			findings.accept(service + ": no outlier detection");
		}
		List<JsonNode> routes = manifests.of("VirtualService")
			.filter((virtual) -> Yaml.texts(virtual.path("spec"), "hosts").toList().contains(host))
			.flatMap((virtual) -> Yaml.elements(virtual.path("spec"), "http"))
			.toList();
		if (routes.isEmpty() || routes.stream().anyMatch((route) -> route.at("/retries/attempts").asInt(2) != 0)) {
			findings.accept(service + ": the mesh retries in addition to the application");
		}
		JsonNode deployment = manifests.get("Deployment", service);
		String excluded = deployment.at("/spec/template/metadata/annotations")
			.path("traffic.sidecar.istio.io/excludeInboundPorts")
			.asText();
		Manifests.containers(deployment)
			.flatMap((container) -> Yaml.elements(container, "ports"))
			.filter((port) -> port.path("name").asText().equals("management") != List.of(excluded.split(","))
				.contains(port.path("containerPort").asText()))
			.forEach((port) -> findings.accept(service + ": only the management port must be excluded from the mesh"));
	}

}
