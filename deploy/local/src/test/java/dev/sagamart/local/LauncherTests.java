package dev.sagamart.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LauncherTests {

	@Test
	void runsInTheRepositoryByDefault() {
		PlatformConfiguration configuration = configuration(Map.of(), "--root", "/srv/shop");
		assertThat(configuration.home()).isEqualTo(Path.of("/srv/shop/.local"));
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
	void choosesTheCompilerByTheNumberOfProcessors() {
		assertThat(configuration(Map.of(), "--tuned").compilation()).isEmpty();
		assertThat(configuration(Map.of(), "--quick-start").compilation()).containsExactly("-XX:TieredStopAtLevel=1");
		assertThat(configuration(Map.of()).tuned()).isEqualTo(Runtime.getRuntime().availableProcessors() > 2);
		assertThat(PlatformConfiguration.isTunedFor(1)).isFalse();
		assertThat(PlatformConfiguration.isTunedFor(2)).isFalse();
		assertThat(PlatformConfiguration.isTunedFor(3)).isTrue();
		assertThat(Launcher.compilation(false, 2)).contains("2 processors", "--tuned").hasLineCount(1);
		assertThat(Launcher.compilation(true, 8)).contains("8 processors", "--quick-start").hasLineCount(1);
	}

	@Test
	void startsTheChosenPartsOnly() {
		assertThat(configuration(Map.of()).parts()).isEqualTo(PartName.ALL);
		assertThat(configuration(Map.of(), "--only", "redis, kafka,postgres").parts())
			.containsExactly(PartName.POSTGRES, PartName.KAFKA, PartName.REDIS);
		assertThat(configuration(Map.of(), "--without", "order-service", "--without", "redis").parts())
			.hasSize(PartName.ALL.size() - 2)
			.doesNotContain(PartName.REDIS, new PartName("order-service"));
		assertThat(configuration(Map.of(), "--only", "redis,kafka", "--without", "redis").parts())
			.containsExactly(PartName.KAFKA);
	}

	@Test
	void takesRandomPorts() {
		assertThat(configuration(Map.of(), "--random-ports", "--port", "redis=16379").ports().all())
			.containsEntry("redis", 16379)
			.doesNotContainEntry("api-gateway", 8080);
	}

	@ParameterizedTest
	@CsvSource({ "--frsh, Unknown option --frsh", "--port, --port needs a value", "--port redis, NAME=NUMBER",
			"--port redis=x, '--port redis must be a number from 1 to 65535, not x'",
			"--port redis=0, 'port of redis must be from 1 to 65535, not 0'",
			"--port redis=65536, 'port of redis must be from 1 to 65535, not 65536'",
			"--port mysql=1, no port called mysql", "--only, --only needs a value",
			"--only mysql, 'There is no part called mysql; there are postgres, kafka, redis, payment-simulator, user'",
			"'--without redis,', 'There is no part called ; there are'",
			"--without order-service-management, There is no part called order-service-management",
			"--only redis --without redis, There are no parts to start" })
	void rejectsInvalidOptions(String line, String message) {
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> configuration(Map.of(), line.split(" ")))
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource({ "'local,demo', http", "'local,demo,tls', https", "'tls', https", "'local,tls-not', http" })
	void choosesTheSchemeByTheProfiles(String profiles, String scheme, @TempDir Path home) {
		PlatformConfiguration configuration = configuration(Map.of(), "--random-ports", "--state-dir", home.toString(),
				"--profiles", profiles);
		try (Platform platform = Platform.prepare(configuration)) {
			assertThat(platform.url(PartName.EDGE)).hasScheme(scheme).hasPort(configuration.ports().of(PartName.EDGE));
			assertThat(platform.url(new PartName("payment-simulator"))).hasScheme("http");
			assertThat(platform.managementUrl(PartName.EDGE)).hasScheme("http");
		}
	}

	@Test
	void refusesOnePortForTwoParts(@TempDir Path home) {
		PlatformConfiguration configuration = configuration(Map.of(), "--random-ports", "--state-dir", home.toString(),
				"--port", "redis=23456", "--port", "kafka=23456");
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Platform.prepare(configuration))
			.withMessageStartingWith("Port 23456 is assigned to kafka and redis");
	}

	@Test
	void avoidsACommaInKafkasLogDirectory(@TempDir Path directory) throws Exception {
		Place place = Place.under(directory.resolve("shop, new"), "kafka", Ports.free());
		Files.createDirectories(place.data());
		assertThat(new KafkaServer(place).command()).contains(place.data().resolve("server.properties").toString());
		assertThat(place.data().resolve("server.properties")).content().containsPattern("(?m)^log.dirs=log$");
	}

	@Test
	void reportsAPartThatWasNeverStarted(@TempDir Path directory) throws Exception {
		PlatformConfiguration configuration = PlatformConfiguration.forTests(directory, directory.resolve("home"),
				Map.of(), System.out::println);
		try (Platform platform = Platform.prepare(configuration)) {
			assertThatIllegalStateException().isThrownBy(() -> platform.part(PartName.REDIS))
				.withMessage("redis was never started");
			assertThat(platform.isStopping()).isFalse();
		}
		Platform.prepare(configuration).close();
	}

	@Test
	void theBrokersLibrariesComeFromTheRepositoryInUse() {
		Path library = Path.of("/repo/org/tukaani/xz/1.10/xz-1.10.jar");
		assertThat(KafkaServer.repository(library, "/chosen")).isEqualTo(Path.of("/repo"));
		assertThat(KafkaServer.repository(Path.of("/app/lib/xz.jar"), "/chosen")).isEqualTo(Path.of("/chosen"));
		assertThat(KafkaServer.repository(Path.of("/app/lib/xz.jar"), null)).endsWith(Path.of(".m2", "repository"));
	}

	@Test
	void reportsADatabaseThatCannotBeCreated(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("file"), "");
		PostgresServer nowhere = new PostgresServer(Place.under(file, "postgres", Ports.free()), "secret", true);
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(nowhere::start)
			.withMessageStartingWith("Cannot start postgres")
			.withMessageContaining(file.toString());
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> nowhere.createSchemas("sagamart", Map.of()))
			.withMessageStartingWith("Cannot create the schemas");

		Place sealed = Place.under(directory, "postgres", Ports.free());
		Files.createDirectories(sealed.data());
		Files.setPosixFilePermissions(sealed.data(), PosixFilePermissions.fromString("r-xr-xr-x"));
		PostgresServer readOnly = new PostgresServer(sealed, "secret", false);
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(readOnly::start);
		Files.setPosixFilePermissions(sealed.data(), PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private static PlatformConfiguration configuration(Map<String, String> environment, String... arguments) {
		return Launcher.configuration(List.of(arguments), environment, System.out::println);
	}

}
