package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OrphansTests {

	@TempDir
	Path directory;

	Path run;

	@BeforeEach
	void createRunDirectory() throws IOException {
		this.run = Files.createDirectories(this.directory.resolve("run"));
	}

	@Test
	void endsAProcessThatNamesOurDirectory() throws Exception {
		Process ours = new ProcessBuilder("sh", "-c", "while :; do sleep 1; done # " + this.directory).start();
		Files.writeString(this.run.resolve("order-service.pid"), ours.pid() + "\n");
		assertThat(Orphans.reap(this.run, this.directory)).containsExactly("order-service");
		assertThat(ours.isAlive()).isFalse();
		assertThat(this.run).isEmptyDirectory();
	}

	@Test
	void recognisesADirectoryWithNonAsciiLetters() throws Exception {
		Path other = this.directory.resolve("Bücher 店");
		Process ours = new ProcessBuilder("sh", "-c", "while :; do sleep 1; done # " + other).start();
		Files.writeString(this.run.resolve("order-service.pid"), ours.pid() + "\n");
		assertThat(Orphans.reap(this.run, other)).containsExactly("order-service");
		assertThat(ours.isAlive()).isFalse();
	}

	@Test
	void findsProcessesInADirectoryBehindALink() throws Exception {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.run);
		Process worker = new ProcessBuilder("sleep", "60").directory(this.run.toFile()).start();
		try {
			assertThat(Orphans.processesIn(link)).extracting(ProcessHandle::pid).containsExactly(worker.pid());
		}
		finally {
			worker.destroyForcibly();
		}
	}

	@Test
	void doesNotStopOtherProcesses() throws Exception {
		Process theirs = new ProcessBuilder("sleep", "60").start();
		try {
			Files.writeString(this.run.resolve("order-service.pid"), theirs.pid() + "\n");
			assertThat(Orphans.reap(this.run, this.directory)).isEmpty();
			assertThat(theirs.isAlive()).isTrue();
		}
		finally {
			theirs.destroyForcibly();
		}
	}

	@Test
	void ignoresFilesWithoutAProcess() throws Exception {
		Files.writeString(this.run.resolve("redis.pid"), "garbage");
		Files.writeString(this.run.resolve("kafka.pid"), "999999999");
		Files.writeString(this.run.resolve("lock"), "1");
		assertThat(Orphans.reap(this.run, this.directory)).isEmpty();
		assertThat(this.run.resolve("redis.pid")).doesNotExist();
		assertThat(this.run.resolve("lock")).exists();
	}

	@Test
	void hasNothingToDoBeforeTheFirstRun() {
		assertThat(Orphans.reap(this.directory.resolve("never"), this.directory)).isEmpty();
	}

}
