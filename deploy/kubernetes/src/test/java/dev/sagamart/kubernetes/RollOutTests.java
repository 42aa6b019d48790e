package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code roll-out} with fake programs for the cluster, the registry, the signatures
 * and the smoke test, in a repository with two released versions.
 */
@EnabledIf("gitIsInstalled")
class RollOutTests {

	private static final String SERVERS = "servers cluster.postgresql.cnpg.io kafkauser.kafka.strimzi.io ";

	@TempDir
	private Path directory;

	@BeforeEach
	void release() throws Exception {
		Path kubernetes = this.directory.resolve("deploy/kubernetes");
		Files.createDirectories(kubernetes.resolve("overlays/demo"));
		Files.copy(Repository.KUBERNETES.resolve("roll-out"), kubernetes.resolve("roll-out"));
		Files.writeString(kubernetes.resolve("overlays/demo/kustomization.yaml"), """
				image: sagamart/order-service:1.0.0
				image: registry.example.com:5000/sagamart/api-gateway:1.0.0
				image: postgres:18
				""");
		// The smoke test fails for the version in BROKEN.
		program("deploy/smoke-order", "! grep -q \"refs-of-$BROKEN\" applied");
		program("bin/kubectl", """
				case "$*" in
				  kustomize*) cat "$2/kustomization.yaml"; printf 'kind: %s\\n' Cluster KafkaUser ;;
				  *'get namespace'*) printf %s "$PREVIOUS" ;;
				  *'get deployments'*) echo deployment.apps/order-service ;;
				  apply*' -l app.kubernetes.io/component!=service '*) echo servers >> log ;;
				  apply*) cp "${*: -1}" applied; grep -o 'refs-of.*-order' applied >> log ;;
				  *'rollout status'*) ! grep -q "refs-of-$STUCK" applied ;;
				  *' wait '*) echo "$4" >> log; [ "$4" != "$ABSENT" ] ;;
				  *annotate*) echo "${*: -1}" >> log ;;
				esac
				""");
		program("bin/docker", """
				image=$4
				[ "${image##*:}" != "$UNKNOWN" ] || exit 1
				echo "refs-of-${image##*:}-${image##*/}"
				""");
		program("bin/cosign", "[[ $* != *\"$UNSIGNED\"@* ]]");
		run(Map.of(), "bash", "-c", """
				git init -q && git add -A &&
				git -c user.name=test -c user.email=test@localhost commit -q -m release &&
				git tag v1.0.0 && git tag v1.1.0 && touch log
				""");
	}

	@Test
	void deploysAVersionByDigestAndRecordsIt() throws Exception {
		assertThat(rollOut(Map.of("PREVIOUS", "1.0.0"))).isZero();
		assertThat(log()).isEqualTo(SERVERS + "refs-of-1.1.0-order sagamart.dev/version=1.1.0");
		assertThat(this.directory.resolve("applied")).content()
			.contains(
					"name: sagamart/order-service, newName: registry.test/shop/order-service, "
							+ "digest: \"refs-of-1.1.0-order-service:1.1.0\"",
					"name: registry.example.com:5000/sagamart/api-gateway, newName: registry.test/shop/api-gateway")
			.doesNotContain("postgres");
	}

	@Test
	void rollsBackIfTheSmokeTestFails() throws Exception {
		assertThat(rollOut(Map.of("PREVIOUS", "1.0.0", "BROKEN", "1.1.0"))).isEqualTo(1);
		assertThat(log())
			.isEqualTo(SERVERS + "refs-of-1.1.0-order " + SERVERS + "refs-of-1.0.0-order sagamart.dev/version=1.0.0");
	}

	@Test
	void rollsBackIfAVersionDoesNotBecomeReady() throws Exception {
		assertThat(rollOut(Map.of("PREVIOUS", "1.0.0", "STUCK", "1.1.0"))).isEqualTo(1);
		assertThat(log())
			.isEqualTo(SERVERS + "refs-of-1.1.0-order " + SERVERS + "refs-of-1.0.0-order sagamart.dev/version=1.0.0");
	}

	@Test
	void appliesServicesOnlyIfTheirDatabaseIsReady() throws Exception {
		assertThat(rollOut(Map.of("ABSENT", "cluster.postgresql.cnpg.io"))).isEqualTo(1);
		assertThat(log()).isEqualTo("servers cluster.postgresql.cnpg.io");
	}

	@Test
	void doesNotRollBackTheFirstVersion() throws Exception {
		assertThat(rollOut(Map.of("BROKEN", "1.1.0"))).isEqualTo(1);
		assertThat(log()).isEqualTo(SERVERS + "refs-of-1.1.0-order");
	}

	@Test
	void changesNothingIfASignatureIsMissing() throws Exception {
		assertThat(rollOut(Map.of("PREVIOUS", "1.0.0", "SIGNED_BY", "release", "UNSIGNED", "api-gateway")))
			.isEqualTo(1);
		assertThat(log()).isEmpty();
	}

	@Test
	void changesNothingIfARollbackIsImpossible() throws Exception {
		assertThat(rollOut(Map.of("PREVIOUS", "1.0.0", "UNKNOWN", "1.0.0"))).isEqualTo(1);
		assertThat(log()).isEmpty();
	}

	private int rollOut(Map<String, String> environment) throws Exception {
		return run(environment, "bash", "deploy/kubernetes/roll-out", "overlays/demo", "1.1.0");
	}

	/** The log of applied resources, waits and annotations. */
	private String log() throws IOException {
		return String.join(" ", Files.readAllLines(this.directory.resolve("log")));
	}

	private void program(String name, String script) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/usr/bin/env bash\n" + script);
		assertThat(file.toFile().setExecutable(true)).isTrue();
	}

	private int run(Map<String, String> environment, String... command) throws Exception {
		ProcessBuilder process = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile());
		process.environment().keySet().removeIf((name) -> name.startsWith("GIT_"));
		process.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
		process.environment()
			.putAll(Map.of("IMAGES", "registry.test/shop", "GATEWAY_URL", "http://gateway.test", "PREVIOUS", "",
					"BROKEN", "none", "STUCK", "none", "UNKNOWN", "none", "UNSIGNED", "none", "ABSENT", "none"));
		process.environment().remove("SIGNED_BY");
		process.environment()
			.compute("PATH", (name, path) -> this.directory.resolve("bin") + File.pathSeparator + path);
		process.environment().putAll(environment);
		return process.start().waitFor();
	}

	static boolean gitIsInstalled() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, "git")));
	}

}
