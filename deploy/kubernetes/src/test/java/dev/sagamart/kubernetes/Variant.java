package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An overlay with some of the components. */
record Variant(String overlay, List<String> components) {

	/** Groups of exclusive components, in the order in which they are listed. */
	private static final List<List<String>> GROUPS = List.of(List.of("mesh"), List.of("ingress"),
			List.of("autoscaling", "canary", "canary-autoscaled"));

	Variant {
		components = List.copyOf(components);
	}

	/**
	 * Every overlay with every combination of components. The pull secret is independent
	 * of the others, so it is combined only with none and with all of them.
	 */
	static Stream<Variant> all() {
		return Stream.of("demo", "production")
			.flatMap((overlay) -> Stream.concat(
					combinations(GROUPS).map((components) -> new Variant(overlay, components)),
					Stream.of(of(overlay, "pull-secret"),
							of(overlay, "mesh", "ingress", "canary-autoscaled", "pull-secret"))));
	}

	private static Stream<List<String>> combinations(List<List<String>> groups) {
		if (groups.isEmpty()) {
			return Stream.of(List.of());
		}
		List<List<String>> rest = combinations(groups.subList(1, groups.size())).toList();
		Stream<List<String>> with = groups.getFirst()
			.stream()
			.flatMap((component) -> rest.stream()
				.map((others) -> Stream.concat(Stream.of(component), others.stream()).toList()));
		return Stream.concat(rest.stream(), with);
	}

	static Variant of(String overlay, String... components) {
		return new Variant(overlay, List.of(components));
	}

	boolean has(String part) {
		return this.overlay.equals(part) || this.components.contains(part)
				|| (this.components.contains("canary-autoscaled") && List.of("canary", "autoscaling").contains(part));
	}

	List<ObjectNode> build() {
		return Kustomize.build(Repository.KUBERNETES.resolve("overlays").resolve(this.overlay), componentPaths());
	}

	/** A kustomization with the same content, as a user would write it. */
	String kustomization(Path directory) {
		List<String> lines = new ArrayList<>(
				List.of("apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization", "resources:"));
		lines.add("  - " + directory.relativize(Repository.KUBERNETES.resolve("overlays").resolve(this.overlay)));
		if (!this.components.isEmpty()) {
			lines.add("components:");
		}
		componentPaths().forEach((component) -> lines.add("  - " + directory.relativize(component)));
		return String.join("\n", lines) + "\n";
	}

	private List<Path> componentPaths() {
		return this.components.stream()
			.map((component) -> Repository.KUBERNETES.resolve("components").resolve(component))
			.toList();
	}

	@Override
	public String toString() {
		return String.join("+", Stream.concat(Stream.of(this.overlay), this.components.stream()).toList());
	}

}
