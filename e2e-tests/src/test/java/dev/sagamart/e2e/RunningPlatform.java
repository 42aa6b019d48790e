package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.books.Invariants;
import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Api.DemoAccount;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.PartName;
import dev.sagamart.local.Platform;
import dev.sagamart.local.PlatformConfiguration;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * The whole platform as real processes, with the demo data, in a directory of its own and
 * on random ports; parts that die are started again. Its sagas are less patient than
 * usual, so that a test sees them give up.
 */
final class RunningPlatform implements AutoCloseable {

	/** How long stock may take to be reserved. */
	static final Duration RESERVE_PATIENCE = Duration.ofSeconds(6);

	private static final Path ROOT = Path.of(System.getProperty("sagamart.root", "..")).toAbsolutePath().normalize();

	private final Platform platform;

	private final SagaTable sagaTable;

	private final HttpClient http = HttpClient.newHttpClient();

	private final Api api;

	private final ProviderBooks provider;

	private final Session admin;

	private final Session alice;

	private final Session bob;

	private RunningPlatform(Platform platform, SagaTable sagaTable) {
		this.platform = platform;
		this.sagaTable = sagaTable;
		this.api = new Api(platform.url(PartName.API_GATEWAY));
		this.provider = new ProviderBooks(this.http, platform.url(PartName.PAYMENT_SIMULATOR));
		this.admin = this.api.login(DemoAccount.ADMIN);
		this.alice = this.api.login(DemoAccount.ALICE);
		this.bob = this.api.login(DemoAccount.BOB);
	}

	static RunningPlatform start() throws IOException {
		Path home = Files.createDirectories(Path.of("target")).toAbsolutePath().resolve("platform");
		PlatformConfiguration configuration = PlatformConfiguration.forTests(ROOT, home)
			.withFresh(true)
			.withSupervised(true)
			.withSay((line) -> System.out.println("[platform] " + line))
			.withEnvironment(PartName.ORDER_SERVICE, "SAGAMART_SAGA_RESERVE", RESERVE_PATIENCE.toSeconds() + "s")
			.withEnvironment(PartName.ORDER_SERVICE, "SAGAMART_SAGA_CAPTURE", "5s")
			.withEnvironment(PartName.ORDER_SERVICE, "SAGAMART_SAGA_COMPENSATE", "5s")
			.withEnvironment(PartName.PAYMENT_SERVICE, "SAGAMART_PAYMENT_OPERATIONS_LEASE", "6s")
			.withEnvironment(PartName.PAYMENT_SERVICE, "SAGAMART_PAYMENT_OPERATIONS_MAXDELAY", "2s");
		return new RunningPlatform(Platform.start(configuration), SagaTable.read(ROOT.resolve("docs/saga.md")));
	}

	Api api() {
		return this.api;
	}

	ProviderBooks provider() {
		return this.provider;
	}

	Session admin() {
		return this.admin;
	}

	Session alice() {
		return this.alice;
	}

	Session bob() {
		return this.bob;
	}

	/** {@code kill -9}; the supervisor starts the part again. */
	void kill(PartName part) {
		long pid = this.platform.pid(part);
		this.platform.kill(part);
		Awaitility.await(part.text() + " to be started again")
			.atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.platform.pid(part) > 0 && this.platform.pid(part) != pid);
	}

	/** Ends a part gracefully, and leaves it so. */
	void stop(PartName part) {
		this.platform.stop(part);
	}

	void start(PartName part) {
		this.platform.start(part);
	}

	/** Hangs a part: its connections stay, and nothing answers. */
	void hang(PartName part) {
		this.platform.hang(part);
	}

	void wake(PartName part) {
		this.platform.wake(part);
	}

	void awaitReady(PartName part) {
		this.platform.awaitReady(part, Platform.PATIENCE);
	}

	/** A connection of the superuser, who sees all schemas. */
	Connection database() throws SQLException {
		return DriverManager.getConnection(this.platform.jdbcUrl(), "postgres",
				this.platform.databasePassword("postgres"));
	}

	/** Waits until order-service has the product as it is now on its own price list. */
	void awaitOnPriceList(Product product) {
		Awaitility.await("the price of " + product.sku() + " to arrive")
			.atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(50))
			.until(() -> versionOnPriceList(product) >= product.version());
	}

	private long versionOnPriceList(Product product) throws SQLException {
		try (Connection database = database();
				PreparedStatement query = database
					.prepareStatement("SELECT version FROM orders.price_list WHERE product_id = ?")) {
			query.setObject(1, product.id());
			ResultSet row = query.executeQuery();
			return row.next() ? row.getLong(1) : -1;
		}
	}

	/** Waits until nothing is under way any more. */
	void awaitQuiet(Duration atMost) throws SQLException {
		try (Connection database = database()) {
			Awaitility.await("the platform to be quiet")
				.atMost(atMost)
				.pollInSameThread()
				.pollInterval(Duration.ofMillis(250))
				.untilAsserted(() -> assertThat(Invariants.unfinished(database)).isEmpty());
		}
	}

	/** Checks all invariants over everything that was ever done on this platform. */
	void assertInvariantsHold() throws SQLException {
		try (Connection database = database()) {
			List<String> violations = new ArrayList<>(Invariants.violations(database, this.provider));
			violations.addAll(PublishedOrderEvents.violations(this.platform.kafkaBootstrapServers(), database));
			violations.addAll(this.sagaTable.violations(database));
			assertThat(violations).isEmpty();
		}
	}

	@Override
	public void close() {
		this.api.close();
		this.http.close();
		this.platform.close();
	}

}
