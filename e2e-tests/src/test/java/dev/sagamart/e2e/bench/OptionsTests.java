package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sagamart.e2e.bench.Options.Phase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTests {

	@Test
	void hasDefaults() {
		Options options = Options.parse();
		assertThat(options.url()).isEqualTo(URI.create("http://localhost:8080"));
		assertThat(options.phases()).containsExactly(Phase.values());
		assertThat(options.duration()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void readsOptions() {
		Options options = Options.parse("--phases", "latency,mixed", "--duration", "5", "--url",
				"http://127.0.0.1:9999", "--mixed-rate", "0", "--log-in-rate", "5");
		assertThat(options.phases()).containsExactly(Phase.MIXED, Phase.LATENCY);
		assertThat(options.duration()).isEqualTo(Duration.ofSeconds(5));
		assertThat(options.url()).hasPort(9999);
		assertThat(options.mixedRate()).isZero();
		assertThat(options.logInRate()).isEqualTo(5);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--duration 0", "--duration 601", "--duration -1", "--duration 99999999999", "--users ten",
			"--phases fast", "--speed 3", "--log-in-rate 11", "--duration", "--url http://192.0.2.1:8080",
			"--url https://localhost", "--url nonsense" })
	void rejectsInvalidOptionsAndOtherMachines(String line) {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(line.split(" ")));
	}

	@Test
	void describesEveryOption() throws IOException {
		String help = Files.readString(Path.of("bench"));
		for (String option : new String[] { "--url", "--home", "--phases", "--duration", "--warm-up", "--mixed-rate",
				"--log-in-rate", "--order-rate", "--connections", "--order-connections", "--users", "--products" }) {
			assertThat(help).contains("  " + option + " ");
		}
	}

}
