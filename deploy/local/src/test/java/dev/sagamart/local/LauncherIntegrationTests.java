package dev.sagamart.local;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Runs the launcher as a process to test what happens when it ends. */
class LauncherIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(10);

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
	void stopsAllPartsAndCleansUpAfterAKilledLauncher() throws Exception {
		Path root = FakeService.repository(this.directory.resolve("root"));
		Process killed = launch(root, "first.txt", "--random-ports", "--no-aot");
		await().atMost(TIMEOUT).until(() -> output("first.txt").contains("Sagamart is ready after"));
		List<Long> orphans = pids(root);
		assertThat(orphans).hasSize(PartName.ALL.size());

		Process second = launch(root, "second.txt", "--random-ports");
		assertThat(second.waitFor()).isEqualTo(1);
		assertThat(output("second.txt")).contains("already running").contains("process " + killed.pid());

		killed.destroyForcibly().waitFor();
		assertThat(orphans).allMatch((pid) -> ProcessHandle.of(pid).isPresent());

		Process third = launch(root, "third.txt", "--random-ports");
		await().atMost(TIMEOUT).until(() -> output("third.txt").contains("Sagamart is ready after"));
		assertThat(output("third.txt")).contains("Stopped processes of an earlier run: api-gateway, kafka");
		List<Long> parts = pids(root);
		third.destroy();
		assertThat(third.waitFor()).isEqualTo(143);
		assertThat(output("third.txt")).contains("Stopped after");
		assertThat(Stream.concat(orphans.stream(), parts.stream()).toList())
			.noneMatch((pid) -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
	}

	@Test
	void stopsStartedPartsWhenItIsStoppedEarly() throws Exception {
		Path root = FakeService.repository(this.directory.resolve("root"));
		Process launcher = launch(root, "early.txt", "--random-ports");
		await().atMost(TIMEOUT).until(() -> output("early.txt").contains("  redis "));
		List<Long> parts = pids(root);
		launcher.destroy();
		assertThat(launcher.waitFor()).isEqualTo(143);
		assertThat(parts).isNotEmpty()
			.noneMatch((pid) -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
	}

	@Test
	void failsWithOneLine() throws Exception {
		Process unknown = launch(this.directory, "unknown.txt", "--frsh");
		assertThat(unknown.waitFor()).isEqualTo(1);
		assertThat(output("unknown.txt")).isEqualToIgnoringNewLines("Unknown option --frsh; see ./run-local --help");

		Process notBuilt = launch(this.directory.resolve("empty"), "empty.txt", "--random-ports");
		assertThat(notBuilt.waitFor()).isEqualTo(1);
		assertThat(output("empty.txt")).contains("payment-simulator is not built");
	}

	private Process launch(Path root, String output, String... options) throws Exception {
		List<String> command = new ArrayList<>(List.of(Jvm.JAVA));
		ManagementFactory.getRuntimeMXBean()
			.getInputArguments()
			.stream()
			.filter((argument) -> argument.startsWith("-javaagent"))
			.map((argument) -> argument.replace("destfile=", "destfile=" + System.getProperty("user.dir") + "/"))
			.map((argument) -> argument.replace(System.getProperty("user.dir") + "//", "/"))
			.forEach(command::add);
		command.addAll(List.of("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8", "-cp",
				System.getProperty("java.class.path"), Launcher.class.getName(), "--root", root.toString()));
		command.addAll(List.of(options));
		Path file = this.directory.resolve(output);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
		this.launched.add(process);
		return process;
	}

	private String output(String file) throws Exception {
		return Files.readString(this.directory.resolve(file));
	}

	private static List<Long> pids(Path root) throws Exception {
		List<Long> pids = new ArrayList<>();
		for (PartName name : PartName.ALL) {
			Path file = root.resolve(".local").resolve("run").resolve(name.text() + ".pid");
			// The file of a part that is just starting may be empty.
			if (Files.exists(file) && Files.size(file) > 0) {
				pids.add(Long.valueOf(Files.readString(file).strip()));
			}
		}
		return pids;
	}

}
