package dev.sagamart.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PortsTests {

	@TempDir
	Path directory;

	@Test
	void givesNoPortTwice() {
		assertThat(IntStream.generate(Ports::free).limit(200)).doesNotHaveDuplicates();
	}

	@Test
	void givesNoPortThatAnotherProcessWasGivenUntilThatEnds() throws Exception {
		Process other = new ProcessBuilder(Jdk.java().toString(), "-cp", System.getProperty("java.class.path"),
				Taker.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			int given = Integer.parseInt(other.inputReader(StandardCharsets.US_ASCII).readLine());
			assertThat(Ports.take(given)).isFalse();
			other.destroyForcibly();
			Awaitility.await().until(() -> Ports.take(given));
			assertThat(Ports.take(given)).isFalse();
		}
		finally {
			other.destroyForcibly();
		}
	}

	@Test
	void givesNoPortThatTheSystemMayGiveToSomebodyElse() throws Exception {
		Path range = Files.writeString(this.directory.resolve("range"), "16000\t65535\n");
		assertThat(Ports.end(range)).isEqualTo(16_000);
		assertThat(Ports.end(Files.writeString(range, "1024\t65535\n"))).isEqualTo(32_768);
		assertThat(Ports.end(Files.writeString(range, "none"))).isEqualTo(32_768);
		assertThat(Ports.end(this.directory.resolve("gone"))).isEqualTo(32_768);
		assertThat(Ports.free()).isLessThan(Ports.end(Path.of("/proc/sys/net/ipv4/ip_local_port_range")));
	}

	/** Is given a port, says which, and stays. */
	static final class Taker {

		private Taker() {
		}

		static void main() throws IOException {
			System.out.println(Ports.free());
			int _ = System.in.read();
		}

	}

}
