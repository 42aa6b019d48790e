package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class UsageTests {

	@TempDir
	private Path pidFiles;

	@Test
	void readsWhatAPartAndItsChildrenUse() throws IOException {
		Files.writeString(this.pidFiles.resolve("self.pid"), ProcessHandle.current().pid() + "\n");
		Files.writeString(this.pidFiles.resolve("gone.pid"), "999999999\n");
		Usage before = Usage.now(this.pidFiles);
		long end = System.nanoTime() + 200_000_000;
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		Usage after = Usage.now(this.pidFiles);
		assertThat(after.parts()).containsOnlyKeys("self", "benchmark");
		assertThat(after.parts().get("self").residentBytes()).isGreaterThan(20L << 20);
		assertThat(after.cpuSince(before).get("self")).isBetween(0.05, 60.0);
	}

	@Test
	void seesNobodyWithoutPidFiles() {
		assertThat(Usage.now(this.pidFiles.resolve("none")).parts()).containsOnlyKeys("benchmark");
	}

}
