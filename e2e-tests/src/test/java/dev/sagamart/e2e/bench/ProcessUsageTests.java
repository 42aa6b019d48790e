package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcessUsageTests {

	@TempDir
	private Path pidFiles;

	@Test
	void readsTheUsageOfAPartAndItsChildren() throws IOException {
		Files.writeString(this.pidFiles.resolve("self.pid"), ProcessHandle.current().pid() + "\n");
		Files.writeString(this.pidFiles.resolve("gone.pid"), "999999999\n");
		ProcessUsage before = ProcessUsage.now(this.pidFiles);
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long end = threads.getCurrentThreadCpuTime() + 200_000_000;
		while (threads.getCurrentThreadCpuTime() < end) {
			Thread.onSpinWait();
		}
		ProcessUsage after = ProcessUsage.now(this.pidFiles);
		assertThat(after.parts()).containsOnlyKeys("self", "benchmark");
		assertThat(after.parts().get("self").residentBytes()).isGreaterThan(20L << 20);
		assertThat(after.cpuSince(before).get("self")).isGreaterThan(0.1);
	}

	@Test
	void findsNoPartsWithoutPidFiles() {
		assertThat(ProcessUsage.now(this.pidFiles.resolve("none")).parts()).containsOnlyKeys("benchmark");
	}

	@Test
	void describesHowTheServicesCompile() throws Exception {
		assertThat(ProcessUsage.compilation(this.pidFiles)).contains("unknown way");
		Files.writeString(this.pidFiles.resolve("kafka.pid"), ProcessHandle.current().pid() + "\n");
		Files.writeString(this.pidFiles.resolve("user-service.pid"), "999999999\n");
		assertThat(ProcessUsage.compilation(this.pidFiles)).contains("unknown way");
		Process tuned = new ProcessBuilder("sh", "-c", "read line").start();
		Process quick = new ProcessBuilder("sh", "-c", "read line", "-XX:TieredStopAtLevel=1").start();
		Files.writeString(this.pidFiles.resolve("order-service.pid"), tuned.pid() + "\n");
		assertThat(ProcessUsage.compilation(this.pidFiles)).contains("--tuned").doesNotContain("--quick-start");
		Files.writeString(this.pidFiles.resolve("api-gateway.pid"), quick.pid() + "\n");
		assertThat(ProcessUsage.compilation(this.pidFiles)).contains("--tuned", "--quick-start");
		tuned.destroy();
		quick.destroy();
	}

}
