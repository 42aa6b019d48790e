package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class JvmCountersTests {

	private static final int MEBIBYTES = 64;

	@TempDir
	private Path pidFiles;

	@Test
	void readsTheAllocationsOfAJvmThatAShellStarted() throws Exception {
		Process part = start("payment-service", "sh", "-c", "\"$0\" \"$@\"; exit $?",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Allocating.class.getName());
		try (BufferedReader answers = part.inputReader(); JvmCounters counters = attached(answers)) {
			CounterValues before = read(counters);
			part.outputWriter().append('\n').flush();
			assertThat(answers.readLine()).isEqualTo("allocated");
			assertThat(read(counters).since(before).values()).containsOnlyKeys("KiB allocated by payment-service")
				.allSatisfy((name, kibibytes) -> assertThat(kibibytes).isBetween(MEBIBYTES * 1024.0,
						(MEBIBYTES + 16) * 1024.0));
			part.descendants().forEach(ProcessHandle::destroyForcibly);
			part.waitFor();
			assertThat(read(counters).values()).isEmpty();
		}
	}

	@Test
	void doesNotAttachToOtherProcesses() throws Exception {
		Process part = start("postgres", "sh", "-c", "trap 'exit 3' QUIT; echo up; read line; exit 0");
		assertThat(part.inputReader().readLine()).isEqualTo("up");
		try (JvmCounters counters = JvmCounters.attach(this.pidFiles)) {
			assertThat(read(counters).values()).isEmpty();
		}
		part.outputWriter().append('\n').flush();
		assertThat(part.waitFor()).isZero();
	}

	private Process start(String name, String... command) throws IOException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		Files.writeString(this.pidFiles.resolve(name + ".pid"), process.pid() + "\n");
		return process;
	}

	private JvmCounters attached(BufferedReader answers) throws IOException {
		assertThat(answers.readLine()).isEqualTo("up");
		return JvmCounters.attach(this.pidFiles);
	}

	private static CounterValues read(JvmCounters counters) {
		Map<String, Double> values = new HashMap<>();
		counters.read(values);
		return new CounterValues(values);
	}

	/** Allocates memory for every byte of its input. */
	static final class Allocating {

		private Allocating() {
		}

		public static void main(String[] arguments) throws IOException {
			System.out.println("up");
			int size = 0;
			while (System.in.read() >= 0) {
				for (int i = 0; i < MEBIBYTES; i++) {
					size += new byte[1 << 20].length;
				}
				System.out.println((size > 0) ? "allocated" : "");
			}
		}

	}

}
