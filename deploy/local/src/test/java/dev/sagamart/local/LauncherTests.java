package dev.sagamart.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LauncherTests {

	@Test
	void runsInTheRepositoryUnlessToldOtherwise() {
		PlatformConfiguration configuration = configuration(Map.of(), "--root", "/work/shop");
		assertThat(configuration.home()).isEqualTo(Path.of("/work/shop/.local"));
		assertThat(configuration.fresh()).isFalse();
		assertThat(configuration.supervised()).isTrue();
		assertThat(configuration.aotCache()).isTrue();
		assertThat(configuration.profiles()).isEqualTo("local,demo");
		assertThat(configuration.ports().all()).isEqualTo(PlatformPorts.defaults().all());
	}

	@Test
	void takesAllOptions() {
		PlatformConfiguration configuration = configuration(
				Map.of("SAGAMART_HOME", "/ignored", "SAGAMART_PORT_REDIS", "1234"), "--state-dir", "/state", "--fresh",
				"--no-aot", "--no-restart", "--profiles", "local", "--port", "kafka=4321");
		assertThat(configuration.home()).isEqualTo(Path.of("/state"));
		assertThat(configuration.fresh()).isTrue();
		assertThat(configuration.aotCache()).isFalse();
		assertThat(configuration.supervised()).isFalse();
		assertThat(configuration.profiles()).isEqualTo("local");
		assertThat(configuration.ports().of(PartName.KAFKA)).isEqualTo(4321);
		assertThat(configuration.ports().of(PartName.REDIS)).isEqualTo(1234);
	}

	@Test
	void takesItsDirectoryFromTheEnvironment() {
		assertThat(configuration(Map.of("SAGAMART_HOME", "/elsewhere")).home()).isEqualTo(Path.of("/elsewhere"));
	}

	@Test
	void takesRandomPorts() {
		assertThat(configuration(Map.of(), "--random-ports", "--port", "redis=16379").ports().all())
			.containsEntry("redis", 16379)
			.doesNotContainEntry("api-gateway", 8080);
	}

	@ParameterizedTest
	@CsvSource({ "--frsh, Unknown option --frsh", "--port, --port needs a value", "--port redis, NAME=NUMBER",
			"--port redis=x, --port redis is not a port: x", "--port mysql=1, no port called mysql" })
	void refusesWhatItDoesNotUnderstand(String line, String message) {
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> configuration(Map.of(), line.split(" ")))
			.withMessageContaining(message);
	}

	private static PlatformConfiguration configuration(Map<String, String> environment, String... arguments) {
		return Launcher.configuration(List.of(arguments), environment, System.out);
	}

}
