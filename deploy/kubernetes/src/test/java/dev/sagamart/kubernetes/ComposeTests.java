package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Checks docker-compose.yml and the monitoring there. */
class ComposeTests {

	private static final String TEXT = Yaml.text(Repository.ROOT.resolve("docker-compose.yml"));

	private static final JsonNode COMPOSE = compose();

	/** The volumes in the Dockerfiles of the images. */
	private static final Map<String, Set<String>> VOLUMES = Map.of("alpine", Set.of(), "postgres",
			Set.of("/var/lib/postgresql"), "apache/kafka",
			Set.of("/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"), "redis", Set.of("/data"),
			"prom/prometheus", Set.of("/prometheus"), "prom/alertmanager", Set.of("/alertmanager"),
			"jaegertracing/jaeger", Set.of("/tmp"), "grafana/grafana", Set.of());

	private static final JsonNode PROMETHEUS = Yaml
		.object(Repository.ROOT.resolve("deploy/observability/prometheus.yml"));

	/** Uses SnakeYAML, because Jackson does not support merge keys. */
	private static JsonNode compose() {
		LoaderOptions strict = new LoaderOptions();
		strict.setAllowDuplicateKeys(false);
		Map<String, Object> read = new org.yaml.snakeyaml.Yaml(new SafeConstructor(strict)).load(TEXT);
		return new JsonMapper().valueToTree(read);
	}

	static Stream<String> parts() {
		List<String> names = new ArrayList<>();
		COMPOSE.path("services").fieldNames().forEachRemaining(names::add);
		return names.stream();
	}

	private static JsonNode part(String name) {
		return COMPOSE.path("services").path(name);
	}

	private static List<String> networks(JsonNode part) {
		JsonNode networks = part.path("networks");
		return networks.isArray() ? Yaml.texts(part, "networks").toList()
				: networks.properties().stream().map(Map.Entry::getKey).toList();
	}

	@ParameterizedTest
	@MethodSource("parts")
	void everyContainerHasMinimalRights(String name) {
		JsonNode part = part(name);
		assertThat(part.path("read_only").asBoolean()).isTrue();
		assertThat(Yaml.texts(part, "cap_drop")).containsExactly("ALL");
		assertThat(Yaml.texts(part, "security_opt")).containsExactly("no-new-privileges:true");
		assertThat(part.path("mem_limit").asText()).matches("\\d+m");
		assertThat(part.path("pids_limit").asInt()).isPositive();
		if (!name.equals("settings")) {
			assertThat(part.path("cap_add")).isEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("parts")
	void ourImagesAreNeverPulledFromARegistry(String name) {
		JsonNode part = part(name);
		if (!part.has("build")) {
			assertThat(part.path("image").asText()).doesNotContain("sagamart");
			return;
		}
		assertThat(part.path("pull_policy").asText()).isEqualTo("never");
		// Nobody can register this name in a public registry.
		assertThat(part.path("image").asText()).startsWith("localhost/sagamart/");
	}

	@ParameterizedTest
	@MethodSource("parts")
	void everyVolumeOfAnImageHasAName(String name) {
		JsonNode part = part(name);
		Set<String> mounted = new HashSet<>();
		Yaml.texts(part, "volumes").map((mount) -> mount.split(":", 3)[1]).forEach(mounted::add);
		JsonNode memory = part.path("tmpfs");
		(memory.isArray() ? Yaml.texts(part, "tmpfs") : Stream.of(memory.asText()))
			.map((mount) -> mount.split(":", 2)[0])
			.forEach(mounted::add);
		String image = part.path("image").asText().split(":", 2)[0];
		Set<String> declared = part.has("build") ? Set.of() : VOLUMES.get(image);
		assertThat(declared).as("the volumes of %s are unknown; look them up in its Dockerfile", image).isNotNull();
		assertThat(mounted).containsAll(declared);
	}

	@Test
	void ourImagesDeclareNoVolume() {
		assertThat(Yaml.text(Repository.ROOT.resolve("deploy/Dockerfile"))).doesNotContainPattern("(?m)^VOLUME");
	}

	/** The containers' users may have no right to read the files of the clone. */
	@ParameterizedTest
	@MethodSource("parts")
	void onlyOnePartReadsFromTheClone(String name) {
		Stream<String> fromTheClone = Yaml.texts(part(name), "volumes").filter((mount) -> mount.startsWith("."));
		if (name.equals("settings")) {
			assertThat(fromTheClone).isNotEmpty();
			assertThat(Yaml.texts(part(name), "cap_add")).containsExactly("DAC_OVERRIDE");
			return;
		}
		assertThat(fromTheClone).isEmpty();
		if (Yaml.texts(part(name), "volumes").anyMatch("settings:/settings:ro"::equals)) {
			assertThat(allDependencies(name)).contains("settings");
		}
	}

	/** The parts that must have ended or be healthy before this one starts. */
	private static Set<String> allDependencies(String name) {
		Set<String> before = new HashSet<>();
		part(name).path("depends_on").fieldNames().forEachRemaining((other) -> {
			before.add(other);
			before.addAll(allDependencies(other));
		});
		return before;
	}

	@ParameterizedTest
	@MethodSource("parts")
	void filesFromTheCloneExist(String name) {
		List<String> values = new ArrayList<>();
		Stream.of("entrypoint", "command", "environment")
			.flatMap((field) -> Yaml.tree(part(name).path(field)))
			.filter(JsonNode::isTextual)
			.forEach((value) -> values.add(value.asText()));
		Pattern.compile("/settings/([\\w./-]+)")
			.matcher(String.join(" ", values))
			.results()
			.map((file) -> file.group(1))
			.filter((file) -> !name.equals("settings"))
			.forEach((file) -> assertThat(Repository.ROOT.resolve("deploy").resolve(file)).exists());
	}

	/** Otherwise a port that is in use would be noticed only after all other starts. */
	@Test
	void theGatewayStartsFirstToBindItsPort() {
		assertThat(allDependencies("api-gateway")).containsExactlyInAnyOrder("settings", "secrets");
		assertThat(allDependencies("welcome")).containsAll(Manifests.SERVICES);
	}

	@ParameterizedTest
	@MethodSource("parts")
	void hasTheSameGracePeriodAsInKubernetes(String name) {
		String file = switch (name) {
			case "postgres", "kafka", "redis", "payment-simulator" -> "overlays/demo/" + name + ".yaml";
			default -> part(name).has("build") ? "base/every-service.yaml" : "";
		};
		if (file.isEmpty()) {
			return;
		}
		int there = Yaml.documents(Yaml.text(Repository.KUBERNETES.resolve(file)))
			.stream()
			.map((document) -> document.at("/spec/template/spec/terminationGracePeriodSeconds"))
			.filter(JsonNode::isInt)
			.map(JsonNode::asInt)
			.findFirst()
			.orElseThrow();
		assertThat(part(name).path("stop_grace_period").asText("10s")).isEqualTo(there + "s");
	}

	@Test
	void theIssuerFollowsThePort() {
		assertThat(Yaml.texts(part("api-gateway"), "ports")).singleElement()
			.asString()
			.contains("${GATEWAY_PORT:-8080}");
		assertThat(Manifests.SERVICES).allSatisfy((name) -> {
			JsonNode environment = part(name).path("environment");
			assertThat(environment.path("GATEWAY_URL").asText()).isEqualTo("http://localhost:${GATEWAY_PORT:-8080}");
			assertThat(environment.path("TOKEN_ISSUER").isNull()).isTrue();
			assertThat(Application.of(name).placeholders(Set.of("demo")))
				.contains("${TOKEN_ISSUER:${GATEWAY_URL:http://localhost:8080}}");
		});
		// Compose 1.29 does not support nested defaults.
		assertThat(TEXT).doesNotContainPattern("\\$\\{[^}]*\\$\\{");
	}

	@Test
	void allVariablesAreInTheExample() {
		Set<String> settable = Stream
			.concat(Pattern.compile("\\$\\{([A-Z0-9_]+)").matcher(TEXT).results(),
					Pattern.compile("(?m)^ +([A-Z0-9_]+):$").matcher(TEXT).results())
			.map((name) -> name.group(1))
			.collect(Collectors.toSet());
		Set<String> named = Pattern.compile("(?m)^#([A-Z0-9_]+)=")
			.matcher(Yaml.text(Repository.ROOT.resolve(".env.example")))
			.results()
			.map((name) -> name.group(1))
			.filter((name) -> !name.startsWith("COMPOSE_"))
			.collect(Collectors.toSet());
		assertThat(named).isEqualTo(settable);
		assertThat(settable).contains("GATEWAY_PORT", "TOKEN_ISSUER", "TRUSTED_PROXIES", "CORS_ALLOWED_ORIGINS",
				"WEB_REDIRECT_URIS");
	}

	@Test
	void kafkaLogsToTheConsoleOnly() {
		JsonNode environment = part("kafka").path("environment");
		assertThat(environment.path("KAFKA_LOG4J_OPTS").asText())
			.isEqualTo("-Dlog4j2.configurationFile=/settings/kafka/log4j2.yaml");
		assertThat(environment.path("EXTRA_ARGS").asText("-loggc")).doesNotContain("-loggc");
		JsonNode appenders = Yaml.object(Repository.ROOT.resolve("deploy/kafka/log4j2.yaml"))
			.at("/Configuration/Appenders");
		assertThat(appenders.fieldNames()).toIterable().containsExactly("Console");
		assertThat(part("kafka").at("/logging/options/max-size").asText()).isEqualTo("10m");
	}

	@ParameterizedTest
	@MethodSource("parts")
	void mountedFilesAndVolumesExist(String name) {
		List<String> volumes = new ArrayList<>();
		COMPOSE.path("volumes").fieldNames().forEachRemaining(volumes::add);
		for (String mount : Yaml.texts(part(name), "volumes").toList()) {
			String source = mount.split(":", 2)[0];
			if (source.startsWith("./")) {
				assertThat(Repository.ROOT.resolve(source)).exists();
				assertThat(mount).endsWith(":ro");
			}
			else {
				assertThat(volumes).contains(source);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("parts")
	void onlyTheGatewayPublishesAPortByDefault(String name) {
		JsonNode part = part(name);
		List<String> ports = Yaml.texts(part, "ports").toList();
		if (ports.isEmpty()) {
			return;
		}
		assertThat(ports)
			.allMatch((port) -> port.matches("(127\\.0\\.0\\.1|\\$\\{GATEWAY_ADDRESS:-127\\.0\\.0\\.1}):.*"));
		assertThat(networks(part)).contains("outside");
		if (!part.has("profiles")) {
			assertThat(name).isEqualTo("api-gateway");
		}
	}

	@ParameterizedTest
	@FieldSource("dev.sagamart.kubernetes.Manifests#SERVICES")
	void theSecondInstanceHasTheNameOfTheFirst(String name) {
		JsonNode first = part(name);
		JsonNode second = part(name + "-2");
		assertThat(Yaml.texts(second, "profiles")).containsExactly("scale");
		assertThat(second.path("image")).isEqualTo(first.path("image"));
		assertThat(networks(second)).hasSameElementsAs(networks(first));
		assertThat(second.path("networks"))
			.allSatisfy((network) -> assertThat(Yaml.texts(network, "aliases")).containsExactly(name));
	}

	@Test
	void servicesGetTheirVariablesAndNoOthers() {
		String secrets = Yaml.text(Repository.ROOT.resolve("deploy/compose/make-secrets"));
		Map<String, Set<String>> unread = Manifests.SERVICES.stream()
			.collect(Collectors.toMap((name) -> name, (name) -> {
				Set<String> given = new HashSet<>();
				part(name).path("environment").fieldNames().forEachRemaining(given::add);
				Pattern.compile("^give " + name + " \\w+ (\\w+)$", Pattern.MULTILINE)
					.matcher(secrets)
					.results()
					.forEach((line) -> given.add(line.group(1)));
				Set<String> profiles = Set.of("demo");
				Set<String> findings = new HashSet<>();
				EnvironmentRules.check(Application.of(name), name, given, profiles, findings::add);
				assertThat(findings).noneMatch((finding) -> finding.contains(" needs "));
				return findings.stream()
					.map((finding) -> finding.replace(name + " does not read ", ""))
					.collect(Collectors.toSet());
			}));
		// Services share a block of variables, so a variable may be unused in some of
		// them.
		Set<String> byNobody = new HashSet<>(unread.get("api-gateway"));
		unread.values().forEach(byNobody::retainAll);
		assertThat(byNobody).isEmpty();
	}

	@Test
	void prometheusScrapesTheManagementPortOfEveryService() {
		Map<String, String> asked = Yaml.elements(PROMETHEUS, "scrape_configs")
			.collect(Collectors.toMap((job) -> job.path("job_name").asText(), ComposeTests::address));
		assertThat(asked).isEqualTo(Manifests.SERVICES.stream()
			.collect(Collectors.toMap((name) -> name,
					(name) -> name + ":" + Application.of(name).managementPort() + "/actuator/prometheus")));
	}

	private static String address(JsonNode job) {
		JsonNode names = job.at("/dns_sd_configs/0");
		return names.at("/names/0").asText() + ":" + names.path("port").asInt() + job.path("metrics_path").asText();
	}

	@Test
	void monitoringPartsAreConnected() {
		assertThat(PROMETHEUS.at("/alerting/alertmanagers/0/static_configs/0/targets/0").asText())
			.isEqualTo("alertmanager:9093");
		Stream<String> sources = Yaml
			.elements(Yaml.object(Repository.ROOT.resolve("deploy/observability/grafana/datasources/datasources.yml")),
					"datasources")
			.map((source) -> source.path("url").asText());
		assertThat(sources).containsExactly("http://prometheus:9090", "http://jaeger:16686");
		assertThat(part("api-gateway").at("/environment/TRACING_ENDPOINT").asText())
			.isEqualTo("http://jaeger:4318/v1/traces");
		assertThat(List.of("alertmanager", "prometheus", "jaeger"))
			.allSatisfy((name) -> assertThat(Yaml.texts(part(name), "profiles")).containsExactly("observability"));
		assertThat(Yaml.texts(PROMETHEUS, "rule_files"))
			.allSatisfy((file) -> assertThat(Repository.ROOT.resolve("deploy/observability/" + file)).exists());
	}

	@Test
	void anAbsentServiceRaisesAnAlert() {
		String rules = Yaml.text(Repository.ROOT.resolve("deploy/observability/alerts.yml"));
		assertThat(Manifests.SERVICES)
			.allSatisfy((name) -> assertThat(rules).contains("absent(up{job=\"" + name + "\"})"));
	}

}
