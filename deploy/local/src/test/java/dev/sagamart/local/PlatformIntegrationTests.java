package dev.sagamart.local;

import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** The platform with real servers and a {@link FakeService} for each of our programs. */
class PlatformIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(10);

	@TempDir
	Path directory;

	Path root;

	final List<String> console = new CopyOnWriteArrayList<>();

	@BeforeEach
	void build() throws Exception {
		this.root = FakeService.repository(this.directory.resolve("root"));
	}

	@Test
	void startsRestartsAndStopsAllParts() throws Exception {
		PlatformConfiguration configuration = configuration("--fresh", "--profiles", "local");
		Files.writeString(Files.createDirectories(configuration.data()).resolve("old"), "data");
		try (Platform platform = Platform.start(configuration)) {
			for (PartName name : PartName.ALL) {
				assertThat(platform.part(name).isReady()).as(name.text()).isTrue();
				assertThat(this.console).anyMatch((line) -> line.strip().startsWith(name.text() + " "));
				assertThat(configuration.home().resolve("run").resolve(name.text() + ".pid"))
					.hasContent(Long.toString(platform.part(name).pid()));
				assertThat(configuration.home().resolve("log").resolve(name.text() + ".log")).exists()
					.isEqualTo(platform.part(name).place().log());
			}
			assertThat(configuration.data().resolve("old")).doesNotExist();
			servicesGetTheirEnvironment(platform);
			databaseExists(platform);
			secondStartIsRejected(configuration);
			killedPartIsRestarted(platform);
			aPartCanBeStoppedAndStarted(platform);
			aHungPartDoesNotAnswer(platform);
			assertThat(Launcher.welcome(platform, Duration.ofMillis(1500))).contains("ready after 1.5 s")
				.contains("alice@sagamart.example")
				.contains(platform.url(PartName.EDGE).toString())
				.contains(platform.managementUrl(new PartName("order-service")).toString());
			Path aot = configuration.home().resolve("aot");
			await().atMost(TIMEOUT)
				.until(() -> Files.exists(aot) && aot.toFile().list((dir, name) -> name.endsWith(".aot")).length == 5);
		}
		assertThat(configuration.run().toFile().list((dir, name) -> name.endsWith(".pid"))).isEmpty();

		this.console.clear();
		try (Platform again = Platform.start(configuration("--profiles", "local"))) {
			assertThat(
					ProcessHandle.of(again.part(PartName.EDGE).pid()).orElseThrow().info().commandLine().orElseThrow())
				.contains("-XX:AOTCache=");
		}
	}

	@Test
	void stopsAllPartsIfOneDoesNotStart() throws Exception {
		PartName failing = new PartName("payment-service");
		PlatformConfiguration configuration = PlatformConfiguration.forTests(this.root, this.directory.resolve("home"),
				Map.of(failing, Map.of("FAIL", "yes", "EXTRA", "one")), this.console::add);
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Platform.start(configuration))
			.withMessageContaining("payment-service ended before it was ready (exit code 3)");
		configuration.ports().all().values().forEach((port) -> assertThat(Ports.answers(port)).isFalse());
		assertThat(Files.readString(configuration.place(failing).log())).contains("EXTRA=one");
	}

	@Test
	void startsChosenPartsAndWritesSettingsForTheOthers() throws Exception {
		PlatformConfiguration configuration = configuration("--no-aot", "--only", "redis,api-gateway");
		PlatformPorts ports = configuration.ports();
		PartName orders = new PartName("order-service");
		Files.writeString(Files.createDirectories(configuration.run()).resolve("api-gateway.properties"), "old");
		try (ServerSocket taken = new ServerSocket(ports.of(orders), 1, InetAddress.getLoopbackAddress());
				Platform platform = Platform.start(configuration)) {
			assertThat(taken.isBound()).isTrue();
			assertThat(platform.part(PartName.REDIS).isReady()).isTrue();
			assertThat(platform.part(PartName.EDGE).isReady()).isTrue();
			assertThatIllegalStateException().isThrownBy(() -> platform.part(PartName.POSTGRES).pid());
			Path settings = configuration.settings(orders);
			assertThat(Files.getPosixFilePermissions(settings))
				.containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
			try (Reader reader = Files.newBufferedReader(settings)) {
				Properties settingsOfOrders = new Properties();
				settingsOfOrders.load(reader);
				assertThat(settingsOfOrders).containsEntry("server.port", Integer.toString(ports.of(orders)))
					.containsEntry("spring.profiles.active", "local,demo")
					.containsEntry("POSTGRES_ADDRESS", "127.0.0.1:" + ports.of(PartName.POSTGRES))
					.containsEntry("POSTGRES_PASSWORD", passwordOfOrders(platform))
					.containsKey("ORDER_SERVICE_CLIENT_SECRET")
					.doesNotContainKeys("EDGE_SECRET", "SERVER_PORT");
			}
			assertThat(configuration.settings(PartName.EDGE)).doesNotExist();
			assertThat(Launcher.welcome(platform, Duration.ZERO)).contains("Shop API", settings.toString())
				.doesNotContain("alice@sagamart.example", platform.managementUrl(orders).toString());
		}
	}

	@Test
	void namesTheOwnerOfATakenPortBeforeAnythingStarts() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			PlatformConfiguration configuration = configuration("--port", "redis=" + taken.getLocalPort());
			assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Platform.start(configuration))
				.withMessageContaining("Port " + taken.getLocalPort() + " (redis) is used by process "
						+ ProcessHandle.current().pid());
			assertThat(configuration.home().resolve("log")).doesNotExist();
		}
	}

	private void servicesGetTheirEnvironment(Platform platform) throws Exception {
		PlatformPorts ports = platform.configuration().ports();
		String order = Files.readString(platform.part(new PartName("order-service")).place().log());
		assertThat(order).contains("SPRING_PROFILES_ACTIVE=local",
				"SERVER_PORT=" + ports.of(new PartName("order-service")),
				"POSTGRES_ADDRESS=127.0.0.1:" + ports.of(PartName.POSTGRES),
				"POSTGRES_PASSWORD=" + passwordOfOrders(platform),
				"KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:" + ports.of(PartName.KAFKA),
				"REDIS_ADDRESS=127.0.0.1:" + ports.of(PartName.REDIS),
				"PRODUCT_SERVICE_URL=http://127.0.0.1:" + ports.of(new PartName("product-service")),
				"PRODUCT_GRPC_ADDRESS=127.0.0.1:" + ports.of(PlatformPorts.grpc("product-service")),
				"TOKEN_ISSUER=http://localhost:" + ports.of(PartName.EDGE));
		assertThat(order).contains("ORDER_SERVICE_CLIENT_SECRET=")
			.doesNotContain("SIGNING_MASTER_KEY", "PAYMENT_PROVIDER_KEY", "EDGE_SECRET");
		assertThat(Files.readString(platform.part(new PartName("user-service")).place().log()))
			.contains("SIGNING_MASTER_KEY=", "EDGE_SECRET=", "ORDER_SERVICE_CLIENT_SECRET=");
		assertThat(Files.readString(platform.part(PartName.EDGE).place().log())).contains("EDGE_SECRET=")
			.doesNotContain("ORDER_SERVICE_CLIENT_SECRET");
		assertThat(Files.readString(platform.part(new PartName("payment-service")).place().log())).contains(
				"PAYMENT_PROVIDER_KEY=sk_test_", "PAYMENT_WEBHOOK_SECRET=whsec_",
				"PAYMENT_PROVIDER_URL=http://127.0.0.1:" + ports.of(new PartName("payment-simulator")));
		assertThat(Files.readString(platform.part(new PartName("payment-simulator")).place().log())).contains(
				"WEBHOOK_SECRET=whsec_",
				"WEBHOOK_URL=http://127.0.0.1:" + ports.of(PartName.EDGE) + "/api/v1/payments/provider-events");
		assertThat(Files.readString(platform.part(new PartName("product-service")).place().log()))
			.contains("SPRING_GRPC_SERVER_PORT=" + ports.of(PlatformPorts.grpc("product-service")));
	}

	private static String passwordOfOrders(Platform platform) {
		return Secrets.loadOrCreate(platform.configuration().data()).password("orders");
	}

	private void databaseExists(Platform platform) throws Exception {
		PostgresServer postgres = (PostgresServer) platform.part(PartName.POSTGRES);
		try (Connection connection = postgres.connect(PostgresServer.DATABASE)) {
			assertThat(connection.getCatalog()).isEqualTo("sagamart");
		}
	}

	private void secondStartIsRejected(PlatformConfiguration configuration) {
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Platform.start(configuration))
			.withMessageContaining("already running");
	}

	private void killedPartIsRestarted(Platform platform) {
		for (PartName name : List.of(new PartName("order-service"), PartName.REDIS, PartName.POSTGRES)) {
			platform.part(name).kill();
			await().atMost(TIMEOUT).until(platform.part(name)::isReady);
			await().atMost(TIMEOUT)
				.until(() -> this.console.stream()
					.anyMatch((line) -> line.startsWith(name.text() + " is ready again")));
		}
	}

	private void aPartCanBeStoppedAndStarted(Platform platform) {
		platform.stop(PartName.KAFKA);
		assertThat(platform.part(PartName.KAFKA).isReady()).isFalse();
		assertThat(platform.part(PartName.KAFKA).pid()).isEqualTo(-1);
		platform.start(PartName.KAFKA);
		platform.stop(new PartName("user-service"));
		platform.start(new PartName("user-service"));
		assertThat(platform.part(new PartName("user-service")).isReady()).isTrue();
	}

	private void aHungPartDoesNotAnswer(Platform platform) {
		platform.part(PartName.REDIS).signal("STOP");
		assertThat(platform.part(PartName.REDIS).isReady()).isFalse();
		platform.part(PartName.REDIS).signal("CONT");
		platform.part(PartName.REDIS).awaitReady(TIMEOUT);
	}

	private PlatformConfiguration configuration(String... options) {
		List<String> all = new ArrayList<>(List.of("--root", this.root.toString(), "--state-dir",
				this.directory.resolve("home").toString(), "--random-ports"));
		all.addAll(List.of(options));
		return Launcher.configuration(all, Map.of(), this.console::add);
	}

}
