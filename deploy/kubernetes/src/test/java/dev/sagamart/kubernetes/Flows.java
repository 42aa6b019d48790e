package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rows of flows.yaml that apply to a variant. */
final class Flows {

	private final Manifests manifests;

	private final Map<String, JsonNode> parties = new LinkedHashMap<>();

	private final JsonNode table = Yaml.object(Repository.KUBERNETES.resolve("flows.yaml"));

	Flows(Manifests manifests) {
		this.manifests = manifests;
		this.table.path("parties")
			.properties()
			.stream()
			.filter((party) -> concerns(party.getValue(), List.of()))
			.forEach((party) -> this.parties.put(party.getKey(), party.getValue()));
	}

	/** The needed flows, including those with additional components. */
	Set<Flow> needed(String... alsoWith) {
		Set<Flow> needed = new LinkedHashSet<>();
		Yaml.elements(this.table, "flows").filter((flow) -> concerns(flow, List.of(alsoWith))).forEach((flow) -> {
			String from = flow.path("from").asText();
			Stream<String> callers = from.equals("all") ? inside() : Stream.of(from);
			callers.forEach((caller) -> Yaml.texts(flow, "ports")
				.forEach((port) -> needed.add(new Flow(caller, flow.path("to").asText(), port))));
		});
		return needed;
	}

	private boolean concerns(JsonNode row, List<String> alsoWith) {
		String with = row.path("with").asText("");
		return with.isEmpty() || this.manifests.variant().has(with) || alsoWith.contains(with);
	}

	/** The parties that are pods in our namespace. */
	Stream<String> inside() {
		return this.parties.keySet().stream().filter(this::isInside);
	}

	boolean isInside(String party) {
		JsonNode found = this.parties.get(party);
		return found != null && Stream.of("namespace", "cidr", "everybody").noneMatch(found::has);
	}

	/** The labels of the pods of a party. */
	List<Map<String, String>> pods(String party) {
		return this.manifests.podLabels()
			.stream()
			.filter((labels) -> labels.entrySet().containsAll(label(this.parties.get(party)).entrySet()))
			.toList();
	}

	/** The parties in our namespace whose pods match a selector. */
	Stream<String> selected(JsonNode selector) {
		return inside()
			.filter((party) -> pods(party).stream().anyMatch((labels) -> Manifests.matches(selector, labels)));
	}

	/** The party of a rule without peers: any address. */
	Stream<String> everybody() {
		return outside((party) -> party.path("everybody").asBoolean());
	}

	/** The parties that match a peer of a network policy. */
	Stream<String> matching(JsonNode peer) {
		if (peer.has("namespaceSelector")) {
			String namespace = peer.at("/namespaceSelector/matchLabels").path("kubernetes.io/metadata.name").asText();
			return outside((party) -> party.path("namespace").asText().equals(namespace)
					&& Manifests.strings(peer.at("/podSelector/matchLabels")).equals(label(party)));
		}
		if (peer.has("ipBlock")) {
			return outside((party) -> party.path("cidr").equals(peer.at("/ipBlock/cidr"))
					&& party.path("except").equals(peer.at("/ipBlock/except")));
		}
		return selected(peer.path("podSelector"));
	}

	private Stream<String> outside(Predicate<JsonNode> party) {
		return this.parties.entrySet()
			.stream()
			.filter((entry) -> !isInside(entry.getKey()) && party.test(entry.getValue()))
			.map(Map.Entry::getKey);
	}

	private static Map<String, String> label(JsonNode party) {
		String[] label = party.path("label").asText("").split("=", 2);
		return (label.length == 2) ? Map.of(label[0], label[1]) : Map.of();
	}

}
