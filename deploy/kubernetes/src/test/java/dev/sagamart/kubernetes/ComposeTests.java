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

/** The same platform with docker compose, and what watches it there. */
class ComposeTests {

	private static final JsonNode COMPOSE = compose();

	private static final JsonNode PROMETHEUS = Yaml
		.object(Repository.ROOT.resolve("deploy/observability/prometheus.yml"));

	/** Jackson knows no merge keys. */
	private static JsonNode compose() {
		LoaderOptions strict = new LoaderOptions();
		strict.setAllowDuplicateKeys(false);
		Map<String, Object> read = new org.yaml.snakeyaml.Yaml(new SafeConstructor(strict))
			.load(Yaml.text(Repository.ROOT.resolve("docker-compose.yml")));
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
	void nobodyCanDoMoreThanNeeded(String name) {
		JsonNode part = part(name);
		assertThat(part.path("read_only").asBoolean()).isTrue();
		assertThat(Yaml.texts(part, "cap_drop")).containsExactly("ALL");
		assertThat(Yaml.texts(part, "security_opt")).containsExactly("no-new-privileges:true");
		assertThat(part.path("mem_limit").asText()).matches("\\d+m");
		assertThat(part.path("pids_limit").asInt()).isPositive();
	}

	@ParameterizedTest
	@MethodSource("parts")
	void whatIsMountedIsThere(String name) {
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
	void onlyTheGatewayIsOpenUnlessAskedFor(String name) {
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
	void theSecondIsFoundUnderTheNameOfTheFirst(String name) {
		JsonNode first = part(name);
		JsonNode second = part(name + "-2");
		assertThat(Yaml.texts(second, "profiles")).containsExactly("scale");
		assertThat(second.path("image")).isEqualTo(first.path("image"));
		assertThat(networks(second)).hasSameElementsAs(networks(first));
		assertThat(second.path("networks"))
			.allSatisfy((network) -> assertThat(Yaml.texts(network, "aliases")).containsExactly(name));
	}

	@Test
	void servicesAreToldWhatTheyNeedAndNothingElse() {
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
		// They share a block: what one of them reads, another need not.
		Set<String> byNobody = new HashSet<>(unread.get("api-gateway"));
		unread.values().forEach(byNobody::retainAll);
		assertThat(byNobody).isEmpty();
	}

	@Test
	void prometheusAsksTheManagementPortOfEveryService() {
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
	void whatWatchesFindsEachOther() {
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
	void aServiceThatIsGoneIsNoticed() {
		String rules = Yaml.text(Repository.ROOT.resolve("deploy/observability/alerts.yml"));
		assertThat(Manifests.SERVICES)
			.allSatisfy((name) -> assertThat(rules).contains("absent(up{job=\"" + name + "\"})"));
	}

}
