package dev.sagamart.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests {@code ./new-service} and its template in a small project whose generator and
 * formatter do nothing. {@code .ci/fork} tests that a new service builds, runs and is
 * routed. The test has its own services, because a fork may add and remove the project's.
 */
class NewServiceTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	@TempDir
	Path copy;

	@BeforeEach
	void copy() throws IOException {
		for (String part : List.of("new-service", "deploy/new-service")) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
				for (Path file : files.filter(Files::isRegularFile).toList()) {
					Path target = this.copy.resolve(ROOT.relativize(file));
					Files.createDirectories(target.getParent());
					Files.copy(file, target);
				}
			}
		}
		Files.writeString(this.copy.resolve("platform.yml"), """
				edge: api-gateway
				identity: user-service

				services:
				  user-service:
				    schema: users
				    port: 8081
				    heap: -Xmx144m
				    sends: [user.events]
				    paths:
				      - {path: /api/v1/users/**}

				  product-service:
				    schema: products
				    port: 8082
				    heap: -Xmx144m
				    paths:
				      - {path: /api/v1/products/**}
				      - {path: /api/v1/categories, open: GET}

				  api-gateway:
				    schema: gateway
				    port: 8080
				    heap: -Xmx112m
				""");
		Files.writeString(this.copy.resolve("pom.xml"), """
				  <parent>
				    <version>4.1.1</version>
				  </parent>
				  <version>2.3.0-SNAPSHOT</version>
				  <modules>
				    <module>user-service</module>
				    <module>product-service</module>
				    <module>api-gateway</module>
				  </modules>
				""");
		program("deploy/generate", "exit 0");
		program("mvnw", "exit 0");
	}

	private void program(String name, String line) throws IOException {
		Path file = this.copy.resolve(name);
		Files.writeString(file, "#!/bin/sh\n" + line + "\n");
		assertThat(file.toFile().setExecutable(true)).isTrue();
	}

	@Test
	void createsAndRemovesAService() throws Exception {
		Map<String, String> before = files();
		assertThat(run("reviews")).isEqualTo("0");
		assertThat(output()).startsWith("Made review-service (port 8083, schema reviews). Next:");
		Declaration declaration = Declaration.load(this.copy);
		assertThat(declaration.services().get("review-service")).satisfies((service) -> {
			assertThat(service.schema()).isEqualTo("reviews");
			assertThat(service.port()).isEqualTo(8083);
			assertThat(service.sends()).containsExactly("review.events");
			assertThat(service.paths().getFirst().path()).isEqualTo("/api/v1/reviews/**");
		});
		assertThat(Files.readString(this.copy.resolve("pom.xml")))
			.contains("<module>review-service</module>\n    <module>api-gateway</module>");
		Map<String, String> made = files();
		made.keySet().removeAll(before.keySet());
		assertThat(made.keySet()).allMatch((file) -> file.startsWith("review-service/"))
			.contains("review-service/pom.xml", "review-service/src/main/resources/db/migration/V1__reviews.sql",
					"review-service/src/main/java/dev/sagamart/reviews/review/web/ReviewController.java");
		assertThat(String.join("\n", made.values())).doesNotContainIgnoringCase("sample").contains("port: 8083");
		assertThat(made.get("review-service/pom.xml")).containsOnlyOnce("<version>")
			.contains("<version>2.3.0-SNAPSHOT</version>");

		assertThat(run("--remove", "reviews")).isEqualTo("0");
		assertThat(output()).contains("Removed review-service", "Folders are kept in .local/removed/");
		Map<String, String> after = files();
		after.keySet().removeIf((file) -> file.startsWith(".local/removed/"));
		assertThat(after).isEqualTo(before);
	}

	@Test
	void takesTheSingularOfAnIrregularNoun() throws Exception {
		assertThat(run("people", "person")).isEqualTo("0");
		assertThat(Declaration.load(this.copy).services().get("person-service").schema()).isEqualTo("people");
		assertThat(run("people", "human")).isEqualTo("1");
		assertThat(output()).isEqualTo("There is a schema people already: see platform.yml\n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                  | Usage: ./new-service PLURAL
			--remove          | Usage: ./new-service PLURAL
			reviews review x  | Usage: ./new-service PLURAL
			Reviews           | Not a word: Reviews
			book-reviews      | Not a word: book-reviews
			../reviews        | Not a word: ../reviews
			r                 | Not a word: r
			sheep             | The singular of sheep is unknown
			sheep sheep       | The plural and the singular must differ
			orders            | The word order is taken
			tables            | The word tables is taken
			classes           | The word classes is taken
			events            | The word events is taken
			products          | There is a service product-service already
			categories        | The path /api/v1/categories is taken
			--remove reviews  | There is no service with the schema reviews
			--remove gateway  | api-gateway is the edge
			--remove users    | user-service issues the tokens
			""")
	void rejectsInvalidNames(String words, String line) throws Exception {
		Map<String, String> before = files();
		assertThat(run((words != null) ? words.split(" ") : new String[0])).isEqualTo("1");
		assertThat(output()).startsWith(line);
		assertThat(files()).isEqualTo(before);
	}

	@Test
	void leavesNothingBehindIfTheGeneratorRefuses() throws Exception {
		program("deploy/generate", "grep -q review-service platform.yml && exit 2 || exit 0");
		Map<String, String> before = files();
		assertThat(run("reviews")).isEqualTo("2");
		assertThat(files()).isEqualTo(before);
		program("deploy/generate", "grep -q '^  product-service:' platform.yml && exit 0 || exit 2");
		before = files();
		assertThat(run("--remove", "products")).isEqualTo("2");
		assertThat(files()).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "TERM", "KILL" })
	void revertsAnInterruptedRun(String signal) throws Exception {
		program("mvnw", "touch waiting; exec sleep 600");
		Map<String, String> before = files();
		interruptWhileItWaits(signal, "reviews");
		if (signal.equals("KILL")) {
			assertThat(this.copy.resolve("review-service")).exists();
			assertThat(run("--remove", "nothing")).isEqualTo("1");
		}
		assertThat(files()).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "TERM", "KILL" })
	void revertsAnInterruptedRemoval(String signal) throws Exception {
		String generator = "echo made >> generated; grep -q '^  product-service:' platform.yml || ";
		program("deploy/generate", generator + "{ touch waiting; exec sleep 600; }");
		Map<String, String> before = files();
		interruptWhileItWaits(signal, "--remove", "products");
		if (signal.equals("KILL")) {
			assertThat(Files.readString(this.copy.resolve("platform.yml"))).doesNotContain("  product-service:");
			assertThat(run("--remove", "nothing")).isEqualTo("1");
		}
		Map<String, String> after = files();
		assertThat(after.remove("generated")).as("the generated files were written again").hasLineCount(2);
		assertThat(after).isEqualTo(before);
	}

	@Test
	void finishesARemovalThatWasInterruptedWhileItMovedFolders() throws Exception {
		run("reviews");
		run("people", "person");
		// The state in the middle of a removal.
		Path undo = Files.createDirectories(this.copy.resolve(".local/new-service"));
		for (String file : List.of("platform.yml", "pom.xml")) {
			Files.copy(this.copy.resolve(file), undo.resolve(file));
		}
		Files.writeString(undo.resolve("folder"), "");
		Files.writeString(undo.resolve("removed"), "review-service\nperson-service\n");
		Path kept = Files.createDirectories(this.copy.resolve(".local/removed/before"));
		Files.move(this.copy.resolve("review-service"), kept.resolve("review-service"));
		assertThat(run("--remove", "nothing")).isEqualTo("1");
		assertThat(output()).contains("Folders are kept in .local/removed/").contains("There is no service");
		assertThat(this.copy.resolve("person-service")).doesNotExist();
		assertThat(kept.resolve("review-service/pom.xml")).exists();
		assertThat(undo).doesNotExist();
	}

	private void interruptWhileItWaits(String signal, String... words) throws Exception {
		Process process = start(words);
		Path waiting = this.copy.resolve("waiting");
		await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(waiting));
		List<ProcessHandle> children = process.descendants().toList();
		new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
		children.forEach(ProcessHandle::destroyForcibly);
		process.waitFor();
		Files.delete(waiting);
	}

	private String run(String... words) throws Exception {
		return String.valueOf(start(words).waitFor());
	}

	private Process start(String... words) throws IOException {
		List<String> command = new ArrayList<>(List.of(this.copy.resolve("new-service").toString()));
		command.addAll(List.of(words));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.copy.resolveSibling(this.copy.getFileName() + ".txt").toFile())
			.start();
	}

	private String output() throws IOException {
		return Files.readString(this.copy.resolveSibling(this.copy.getFileName() + ".txt"));
	}

	private Map<String, String> files() throws IOException {
		Map<String, String> contents = new TreeMap<>();
		try (Stream<Path> files = Files.walk(this.copy)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				contents.put(this.copy.relativize(file).toString(), Files.readString(file, StandardCharsets.UTF_8));
			}
		}
		return contents;
	}

}
