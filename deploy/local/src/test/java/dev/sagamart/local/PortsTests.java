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
	void reservesNoPortTwice() {
		assertThat(IntStream.generate(Ports::free).limit(200)).doesNotHaveDuplicates();
	}

	@Test
	void reservesNoPortOfAnotherRunningProcess() throws Exception {
		Process other = new ProcessBuilder(Jvm.JAVA, "-cp", System.getProperty("java.class.path"),
				Taker.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			int given = Integer.parseInt(other.inputReader(StandardCharsets.US_ASCII).readLine());
			assertThat(Ports.reserve(given)).isFalse();
			other.destroyForcibly();
			Awaitility.await().until(() -> Ports.reserve(given));
			assertThat(Ports.reserve(given)).isFalse();
		}
		finally {
			other.destroyForcibly();
		}
	}

	@Test
	void reservesNoEphemeralPort() throws Exception {
		Path range = Files.writeString(this.directory.resolve("range"), "16000\t65535\n");
		assertThat(Ports.firstEphemeral(range)).isEqualTo(16_000);
		assertThat(Ports.firstEphemeral(Files.writeString(range, "1024\t65535\n"))).isEqualTo(32_768);
		assertThat(Ports.firstEphemeral(Files.writeString(range, "none"))).isEqualTo(32_768);
		assertThat(Ports.firstEphemeral(this.directory.resolve("gone"))).isEqualTo(32_768);
		assertThat(Ports.free()).isLessThan(Ports.firstEphemeral(Path.of("/proc/sys/net/ipv4/ip_local_port_range")));
	}

	/** Reserves a port, prints it and waits. */
	static final class Taker {

		private Taker() {
		}

		static void main() throws IOException {
			System.out.println(Ports.free());
			int _ = System.in.read();
		}

	}

}
