package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KustomizeTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource("compared")
	@EnabledIf("kubectlIsInstalled")
	void buildsWhatKubectlBuilds(Variant variant) throws Exception {
		Path target = Files.createDirectories(Repository.KUBERNETES.resolve("target/variants/" + variant));
		Files.writeString(target.resolve("kustomization.yaml"), variant.kustomization(target));
		assertSame(variant.build(), kubectl(target));
	}

	@Test
	@EnabledIf("kubectlIsInstalled")
	void buildsTheExampleAsKubectlDoes() throws Exception {
		Path example = Repository.KUBERNETES.resolve("clusters/example");
		assertSame(Kustomize.build(example), kubectl(example));
	}

	@Test
	void rejectsAnUnknownField() throws IOException {
		write("kustomization.yaml", "resources: []\nnamePrefix: x-\n");
		assertThatIllegalArgumentException().isThrownBy(() -> Kustomize.build(this.directory))
			.withMessageContaining("unknown field namePrefix");
	}

	@Test
	void rejectsADuplicateResource() throws IOException {
		write("kustomization.yaml", "resources: [a.yaml]\n");
		write("a.yaml", """
				{apiVersion: v1, kind: Service, metadata: {name: a}}
				---
				{apiVersion: v1, kind: Service, metadata: {name: a}}
				""");
		assertThatIllegalArgumentException().isThrownBy(() -> Kustomize.build(this.directory))
			.withMessageContaining("v1 Service a is defined twice");
	}

	@Test
	void rejectsAPatchOfAMissingResource() throws IOException {
		write("kustomization.yaml", """
				patches:
				  - patch: |
				      {apiVersion: v1, kind: Service, metadata: {name: a}}
				""");
		assertThatIllegalArgumentException().isThrownBy(() -> Kustomize.build(this.directory))
			.withMessageContaining("the patched resource does not exist: v1 Service a");
	}

	@Test
	void namesAConfigMapByItsContent() throws IOException {
		write("kustomization.yaml", "configMapGenerator:\n- {name: a, literals: ['b=x<y>&z', a=1]}\n");
		// The name that kubectl 1.32 generates.
		assertThat(Kustomize.build(this.directory)).extracting(Kustomize::name).containsExactly("a-dbckk78b48");
	}

	/**
	 * Both overlays, and for one of them each single component and all compatible
	 * components. kubectl is too slow for all combinations.
	 */
	static Stream<Variant> compared() {
		return Variant.all()
			.filter((variant) -> variant.components().isEmpty()
					|| (variant.has("production") && variant.components().size() != 2));
	}

	static boolean kubectlIsInstalled() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, "kubectl")));
	}

	private void write(String file, String text) throws IOException {
		Files.writeString(this.directory.resolve(file), text);
	}

	private static List<ObjectNode> kubectl(Path directory) throws Exception {
		Process process = new ProcessBuilder("kubectl", "kustomize", directory.toString()).start();
		try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
			var errors = executor.submit(() -> new String(process.getErrorStream().readAllBytes()));
			String output = new String(process.getInputStream().readAllBytes());
			assertThat(process.waitFor()).as(errors.get()).isZero();
			return Yaml.objects(output);
		}
	}

	private static void assertSame(List<ObjectNode> ours, List<ObjectNode> theirs) {
		Map<String, JsonNode> expected = byIdentity(theirs);
		Map<String, JsonNode> actual = byIdentity(ours);
		assertThat(actual.keySet()).isEqualTo(expected.keySet());
		actual.forEach((identity, resource) -> assertThat(resource).as(identity).isEqualTo(expected.get(identity)));
	}

	private static Map<String, JsonNode> byIdentity(List<ObjectNode> resources) {
		Map<String, JsonNode> byIdentity = new TreeMap<>();
		resources.forEach((resource) -> byIdentity.put(Kustomize.identity(resource), resource));
		return byIdentity;
	}

}
