package dev.sagamart.local;

import dev.sagamart.local.Supervisor.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SupervisorTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(4);

	private static final Backoff SHORT = new Backoff(Duration.ofMillis(10), Duration.ofMillis(40),
			Duration.ofMinutes(1));

	@TempDir
	Path directory;

	final List<String> console = new CopyOnWriteArrayList<>();

	@Test
	void restartsAKilledPart() {
		Part part = part("exec sleep 60");
		part.start();
		Supervisor supervisor = new Supervisor(part, SHORT, TIMEOUT, this.console::add).start();
		long first = part.pid();
		part.kill();
		await().until(() -> this.console.size() == 2);
		assertThat(part.isAlive()).isTrue();
		assertThat(part.pid()).isNotEqualTo(first);
		assertThat(this.console.get(0)).contains("fake ended unexpectedly (exit code 137").endsWith("it restarts now");
		assertThat(this.console.get(1)).startsWith("fake is ready again after");
		supervisor.stop();
		part.kill();
		assertThat(part.isAlive()).isFalse();
	}

	@Test
	void backsOffWhileThePartKeepsFailing() {
		Part part = part("exit 3");
		part.start();
		Supervisor supervisor = new Supervisor(part, SHORT, TIMEOUT, this.console::add).start();
		await().until(() -> this.console.stream().anyMatch((line) -> line.contains("after 4 failures in a row")));
		supervisor.stop();
		assertThat(this.console)
			.anyMatch((line) -> line.contains("exit code 3") && line.contains("in 0.01 s, after 1 failure in a row"))
			.anyMatch((line) -> line.contains("in 0.02 s, after 2 failures"))
			.anyMatch((line) -> line.contains("in 0.04 s, after 4 failures"));
	}

	@Test
	void resetsTheBackoffAfterALongerRun() {
		Part part = part("sleep 0.05");
		part.start();
		Supervisor supervisor = new Supervisor(part,
				new Backoff(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(10)), TIMEOUT,
				this.console::add)
			.start();
		await().until(() -> this.console.stream().filter((line) -> line.endsWith("it restarts now")).count() >= 3);
		supervisor.stop();
		part.kill();
	}

	@Test
	void reportsAPartThatIsNotReadyInTime() {
		Place place = Place.under(this.directory, "fake", 0);
		Part part = new ProgramPart(place, () -> List.of("sh", "-c", "exec sleep 60"), Map.of(), () -> false);
		part.start();
		Supervisor supervisor = new Supervisor(part, SHORT, Duration.ofMillis(100), this.console::add).start();
		part.kill();
		await().until(() -> this.console.stream().anyMatch((line) -> line.contains("fake was not ready after 0 s")));
		supervisor.stop();
		part.kill();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "2, 2", "5, 16", "6, 30", "1000, 30" })
	void doublesThePauseUpToALimit(int failures, int seconds) {
		assertThat(Backoff.DEFAULT.delayAfter(failures)).hasSeconds(seconds);
	}

	@Test
	void partsStopGracefullyAndReportTheirExitCode() throws Exception {
		Part part = part("trap 'exit 7' TERM; while :; do sleep 0.05; done");
		assertThat(part.awaitEnd()).isZero();
		part.stop(TIMEOUT);
		part.kill();
		part.signal("TERM");
		part.start(TIMEOUT);
		assertThat(Files.readString(part.place().pid())).isEqualTo(part.pid() + "\n");
		part.stop(TIMEOUT);
		assertThat(part.awaitEnd()).isIn(7, 143);
		assertThat(part.pid()).isEqualTo(-1);
	}

	@Test
	void partsThatIgnoreTheSignalAreKilled() throws Exception {
		Part part = part("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
		part.start();
		await().until(() -> Files.readString(part.place().log()).contains("deaf"));
		part.stop(Duration.ofMillis(100));
		assertThat(part.awaitEnd()).isEqualTo(137);
	}

	@Test
	void reportsAMissingProgram() {
		Part part = new ProgramPart(Place.under(this.directory, "fake", 0), () -> List.of("/no/such/program"), Map.of(),
				() -> false);
		assertThatThrownBy(() -> part.start(TIMEOUT)).isInstanceOf(PartFailedException.class)
			.hasMessageContaining("fake ended before it was ready");
	}

	@Test
	void reportsADirectoryThatCannotBeCreated() throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		Part part = new ProgramPart(Place.under(file, "fake", 0), () -> List.of("true"), Map.of(), () -> true);
		assertThatThrownBy(() -> part.start(TIMEOUT)).isInstanceOf(PartFailedException.class)
			.hasMessageContaining("Cannot start fake");
	}

	@Test
	void reportsAConfigurationThatCannotBeWritten() {
		Part part = new ProgramPart(Place.under(this.directory, "fake", 0), () -> {
			throw new IOException("No space left on device");
		}, Map.of(), () -> true);
		assertThatThrownBy(() -> part.start(TIMEOUT)).isInstanceOf(PartFailedException.class)
			.hasMessageContaining("Cannot start fake")
			.hasMessageContaining("No space left on device");
	}

	@Test
	void killsAProcessWhosePidFileCannotBeWritten() throws Exception {
		Part part = part("exec sleep 4711");
		Files.createDirectories(part.place().pid());
		assertThatThrownBy(part::start).isInstanceOf(PartFailedException.class).hasMessageContaining("Cannot start");
		await().until(() -> ProcessHandle.current()
			.children()
			.noneMatch((child) -> child.info().commandLine().orElse("").contains("4711")));
	}

	private Part part(String script) {
		return new ProgramPart(Place.under(this.directory, "fake", 0), () -> List.of("sh", "-c", script), Map.of(),
				() -> true);
	}

}
