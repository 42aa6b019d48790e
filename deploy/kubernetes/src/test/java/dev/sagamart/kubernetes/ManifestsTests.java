package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTests {

	@ParameterizedTest
	@MethodSource("dev.sagamart.kubernetes.Variant#all")
	void everyVariantFollowsEveryRule(Variant variant) {
		assertThat(findings(Manifests.of(variant))).isEmpty();
	}

	@Test
	void theExampleFollowsEveryRule() {
		Path example = Repository.KUBERNETES.resolve("clusters/example");
		Variant same = Variant.of("production", "mesh", "ingress", "canary-autoscaled", "pull-secret");
		assertThat(findings(new Manifests(same, new ArrayList<>(Kustomize.build(example))))).isEmpty();
	}

	@Test
	void theOrderOfComponentsDoesNotMatter() {
		assertThat(Variant.of("production", "canary-autoscaled", "ingress", "mesh").build())
			.containsExactlyInAnyOrderElementsOf(
					Variant.of("production", "mesh", "ingress", "canary-autoscaled").build());
	}

	static Map<Rule, Object> findings(Manifests manifests) {
		Map<Rule, Object> findings = new TreeMap<>();
		for (Rule rule : Rule.values()) {
			var found = rule.findings(manifests);
			if (!found.isEmpty()) {
				findings.put(rule, found);
			}
		}
		return findings;
	}

}
