package dev.sagamart.local;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests the script {@code run-local} in checkouts with real servers and a
 * {@link FakeService} for each of our programs.
 */
class RunLocalIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(10);

	/** Characters that a shell, a JVM, Kafka, PostgreSQL or Redis might misread. */
	private static final String DIFFICULT = "Ünïcode 店, it's \"a\" \\b $HOME $(c) `d` %41 #e &f; g!h+i*j?[k]{l}~@m=n|<o>^p";

	/** A JVM with a smaller encoding cannot create such a path. */
	private static final boolean ENCODABLE = Charset.forName(System.getProperty("sun.jnu.encoding"))
		.newEncoder()
		.canEncode(DIFFICULT);

	@TempDir
	Path directory;

	final List<Process> launched = new ArrayList<>();

	@AfterEach
	void stopLaunchedProcesses() throws Exception {
		for (Process process : this.launched) {
			process.destroy();
			process.waitFor();
		}
	}

	@Test
	void runsInADirectoryOfAnyNameInAnyLocale() throws Exception {
		Path checkout = checkout(
				this.directory.resolve(ENCODABLE ? DIFFICULT : DIFFICULT.replaceAll("\\P{ASCII}", "")));
		Process killed = launch(checkout, "first.txt", "./run-local", "--no-build", "--random-ports", "--no-aot");
		await().atMost(TIMEOUT).until(() -> output("first.txt").contains("is ready after") || !killed.isAlive());
		assertThat(output("first.txt")).contains("is ready after");
		Path home = checkout.resolve(".local");
		assertThat(home.resolve("data").resolve("kafka")).isDirectoryContaining("glob:**/log")
			.isDirectoryNotContaining("glob:**/with*");
		assertThat(home.resolve("data/kafka/log/meta.properties")).exists();
		killed.destroyForcibly().waitFor();

		Process again = launch(checkout, "again.txt", "./run-local", "--no-build", "--random-ports", "--no-aot");
		await().atMost(TIMEOUT).until(() -> output("again.txt").contains("is ready after") || !again.isAlive());
		assertThat(output("again.txt")).contains("Stopped processes of an earlier run: api-gateway, kafka")
			.contains("is ready after");
		again.destroy();
		assertThat(again.waitFor()).isEqualTo(143);
		assertThat(output("again.txt")).contains("Stopped after");
	}

	@Test
	void endsOnSigintEvenAsABackgroundJob() throws Exception {
		Path checkout = checkout(this.directory.resolve("checkout"));
		Process process = launch(checkout, "output.txt", "sh", "-c",
				"trap '' INT; exec ./run-local --no-build --random-ports --no-aot");
		await().atMost(TIMEOUT).until(() -> output("output.txt").contains("Starting Sagamart"));
		SystemCommand.send("INT", process.pid());
		assertThat(process.waitFor()).isEqualTo(130);
		assertThat(output("output.txt")).contains("Stopped after");
	}

	@Test
	void warnsIfSigintIsIgnored() throws Exception {
		Path checkout = checkout(this.directory.resolve("checkout"));
		Path env = Files.createDirectories(this.directory.resolve("bin")).resolve("env");
		Files.writeString(env, "#!/bin/sh\nexit 1\n");
		assertThat(env.toFile().setExecutable(true)).isTrue();
		Process process = launch(checkout, "output.txt", "sh", "-c",
				"trap '' INT; PATH=" + env.getParent() + ":$PATH exec bash run-local --help");
		assertThat(process.waitFor()).isZero();
		assertThat(output("output.txt")).startsWith("SIGINT (Ctrl-C) is ignored here")
			.contains("to end it: kill " + process.pid());
	}

	@ParameterizedTest
	@CsvSource({ "with:colon, a colon", "'with\ttab', a control character" })
	void rejectsAnUnusableDirectoryBeforeItBuilds(String name, String reason) throws Exception {
		Path checkout = checkout(this.directory.resolve(name));
		Process here = launch(checkout, "here.txt", "./run-local");
		assertThat(here.waitFor()).isEqualTo(1);
		assertThat(output("here.txt"))
			.isEqualTo("Sagamart does not run here: the checkout has " + reason + " in its path: " + checkout + "\n");
		assertThat(checkout.resolve(".local")).doesNotExist();

		Process there = launch(checkout(this.directory.resolve("checkout")), "there.txt", "./run-local", "--state-dir",
				checkout.toString());
		assertThat(there.waitFor()).isEqualTo(1);
		assertThat(output("there.txt")).contains("the directory for data and logs has " + reason).hasLineCount(1);
	}

	@Test
	void rejectsADirectoryThatIsNotUtf8OrTooLong() throws Exception {
		Path checkout = checkout(this.directory.resolve("checkout"));
		Process latin = launch(checkout, "latin.txt", "bash", "-c", "exec ./run-local --state-dir $'/tmp/\\xfc'");
		assertThat(latin.waitFor()).isEqualTo(1);
		assertThat(new String(Files.readAllBytes(this.directory.resolve("latin.txt")), StandardCharsets.ISO_8859_1))
			.contains("bytes that are not UTF-8")
			.hasLineCount(1);
		Process tooLong = launch(checkout, "long.txt", "./run-local", "--state-dir", "/tmp" + "/abcdefghi".repeat(50));
		assertThat(tooLong.waitFor()).isEqualTo(1);
		assertThat(output("long.txt")).contains("is longer than 500 bytes").hasLineCount(1);
	}

	@Test
	void resolvesARelativeDirectoryAgainstTheCallersDirectory() throws Exception {
		Path checkout = checkout(this.directory.resolve("checkout"));
		Path elsewhere = Files.createDirectories(this.directory.resolve("elsewhere"));
		Path link = Files.createSymbolicLink(elsewhere.resolve("link"), checkout.resolve("run-local"));
		Files.writeString(elsewhere.resolve("file"), "");
		Process process = launch(elsewhere, "output.txt", link.toString(), "--no-build", "--random-ports",
				"--state-dir", "file");
		assertThat(process.waitFor()).isEqualTo(1);
		assertThat(output("output.txt")).startsWith("Cannot write to " + elsewhere.resolve("file/run"))
			.contains("--state-dir")
			.hasLineCount(1);
	}

	/** Creates a checkout in which everything is built. */
	private static Path checkout(Path root) throws Exception {
		FakeService.repository(root);
		Path sources = Path.of("").toAbsolutePath().getParent().getParent();
		Path target = Files.createDirectories(root.resolve("deploy/local/target"));
		for (String script : List.of("run-local", "platform.yml", "deploy/services", "deploy/local/build.sh",
				"deploy/local/find-jdk")) {
			Files.copy(sources.resolve(script), root.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
		}
		ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
		assertThat(jar.run(System.out, System.err, "--create", "--file",
				target.resolve("sagamart-local-1.0.0-SNAPSHOT.jar").toString(), "-C", "target/classes", "."))
			.isZero();
		// A declaration in the test resources replaces the built one.
		if (Files.exists(Path.of("target/test-classes/dev/sagamart/local/platform.yml"))) {
			assertThat(jar.run(System.out, System.err, "--update", "--file",
					target.resolve("sagamart-local-1.0.0-SNAPSHOT.jar").toString(), "-C", "target/test-classes",
					"dev/sagamart/local/platform.yml"))
				.isZero();
		}
		Files.writeString(target.resolve("launcher.classpath"), System.getProperty("java.class.path"));
		return root;
	}

	private Process launch(Path in, String output, String... command) throws Exception {
		ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve(output).toFile());
		builder.environment().keySet().removeIf((name) -> name.startsWith("SAGAMART_") || name.startsWith("LC_"));
		builder.environment().putAll(Map.of("LC_ALL", "C", "JAVA_HOME", System.getProperty("java.home")));
		Process process = builder.start();
		this.launched.add(process);
		return process;
	}

	private String output(String file) throws Exception {
		return Files.readString(this.directory.resolve(file));
	}

}
