package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the licence, the issue forms and the configuration of Dependabot. */
class ProjectFilesTests {

	private static final Path GITHUB = Repository.ROOT.resolve(".github");

	private static final Path FORMS = GITHUB.resolve("ISSUE_TEMPLATE");

	private static final Set<String> FORM = Set.of("name", "description", "labels", "body");

	private static final Set<String> ELEMENTS = Set.of("markdown", "textarea", "input", "dropdown", "checkboxes");

	@Test
	void theLicenceMatchesThePom() {
		assertThat(Yaml.text(Repository.ROOT.resolve("LICENSE"))).contains("Apache License",
				"Version 2.0, January 2004", "END OF TERMS AND CONDITIONS");
		assertThat(Yaml.text(Repository.ROOT.resolve("pom.xml"))).contains("<name>Apache-2.0</name>");
		assertThat(Yaml.text(Repository.ROOT.resolve("README.md"))).contains("](LICENSE)", "](SECURITY.md)",
				"](CODE_OF_CONDUCT.md)");
	}

	@Test
	void everyIssueFormIsValid() throws IOException {
		List<Path> forms = files(FORMS, (file) -> !file.endsWith("config.yml"));
		assertThat(forms).contains(FORMS.resolve("bug.yml"), FORMS.resolve("idea.yml"));
		assertThat(forms).allSatisfy((form) -> assertThat(formFindings(Yaml.object(form))).isEmpty());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			name: Something does not work | title: x         | the form has the fields
			type: dropdown                | type: list       | unknown element list
			id: steps                     | id: logs         | logs is defined twice
			label: Logs                   | labels: Logs     | logs has no label
			options:                      | option:          | how has no options
			""")
	void aMistakeInAFormIsFound(String right, String wrong, String finding) {
		String form = Yaml.text(FORMS.resolve("bug.yml"));
		assertThat(form).contains(right);
		assertThat(formFindings(Yaml.objects(form.replace(right, wrong)).getFirst()))
			.anySatisfy((found) -> assertThat(found).contains(finding));
	}

	@Test
	void dependabotUpdatesEverythingThatIsPinned() throws IOException {
		JsonNode dependabot = Yaml.object(GITHUB.resolve("dependabot.yml"));
		assertThat(dependabot.path("version").asInt()).isEqualTo(2);
		Map<String, JsonNode> updates = Yaml.elements(dependabot, "updates")
			.collect(Collectors.toMap((update) -> update.path("package-ecosystem").asText(), (update) -> update));
		assertThat(updates).containsOnlyKeys("maven", "docker", "docker-compose", "github-actions");
		assertThat(updates.values()).allSatisfy((update) -> {
			assertThat(update.at("/schedule/interval").asText()).isEqualTo("weekly");
			assertThat(update.path("groups")).isNotEmpty();
		});
		assertThat(Yaml.texts(updates.get("docker"), "directories")
			.map((directory) -> Repository.ROOT.resolve(directory.substring(1)))).containsAll(foldersWithImages());
		// Otherwise Dependabot would look for our images in a public registry.
		assertThat(Stream.of(updates.get("docker"), updates.get("docker-compose"))).allSatisfy((update) -> assertThat(
				Yaml.elements(update, "ignore").map((ignored) -> ignored.path("dependency-name").asText()))
			.contains("sagamart/*"));
	}

	@Test
	void everyServiceChecksTheArchitectureRules() throws IOException {
		for (String service : Manifests.SERVICES) {
			assertThat(files(Repository.ROOT.resolve(service).resolve("src/test/java"),
					(file) -> file.endsWith("ArchitectureTests.java")))
				.as(service)
				.hasSize(1);
		}
	}

	/** The folders with a Dockerfile or a manifest that uses external images. */
	private static Set<Path> foldersWithImages() throws IOException {
		return files(Repository.ROOT.resolve("deploy"), (file) -> !file.toString().contains("/target/") && (file
			.endsWith("Dockerfile")
				|| (file.toString().endsWith(".yaml") && Yaml.text(file).matches("(?s).*\\n\\s+image: [^\\s:]+:.*"))))
			.stream()
			.map(Path::getParent)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static List<String> formFindings(ObjectNode form) {
		List<String> findings = new ArrayList<>();
		Set<String> fields = form.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
		if (!fields.equals(FORM)) {
			findings.add("the form has the fields " + fields);
		}
		Set<String> ids = new TreeSet<>();
		Yaml.elements(form, "body").forEach((element) -> {
			String type = element.path("type").asText();
			String id = element.path("id").asText();
			if (!ELEMENTS.contains(type)) {
				findings.add("unknown element " + type);
			}
			if (type.equals("markdown")) {
				return;
			}
			if (!ids.add(id)) {
				findings.add(id + " is defined twice");
			}
			if (element.at("/attributes/label").asText().isEmpty()) {
				findings.add(id + " has no label");
			}
			if (type.equals("dropdown") && element.at("/attributes/options").isEmpty()) {
				findings.add(id + " has no options");
			}
		});
		return findings;
	}

	private static List<Path> files(Path directory, Predicate<Path> wanted) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).filter(wanted).toList();
		}
	}

}
