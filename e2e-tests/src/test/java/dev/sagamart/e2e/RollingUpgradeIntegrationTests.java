package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.client.Address;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The address of an order is split into two columns by the steps of
 * docs/adr/0012-changes-of-a-schema.md. Each version of order-service runs beside the one
 * before it under orders; each reads and carries through what the other has accepted.
 */
@WholePlatform
@InTurn(1)
class RollingUpgradeIntegrationTests {

	private static final Path SERVICE = Path.of("..", Parts.ORDER_SERVICE.text()).toAbsolutePath().normalize();

	private static final Path VERSIONS = SERVICE.resolve("src/test/upgrade");

	private static final String ENCRYPT_AGAIN = "UPDATE orders.encryption_key SET encrypted = '{}'";

	private final RunningPlatform platform;

	private final HttpClient http = HttpClient.newHttpClient();

	private final Product product;

	/** All versions that were started. */
	private final List<Instance> instances = new ArrayList<>();

	@TempDir
	private Path directory;

	RollingUpgradeIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.product = platform.admin().createProduct(Money.eur(700), 1000);
		platform.awaitOnPriceList(this.product);
	}

	@Test
	void splitsAColumnUnderOrders() throws Exception {
		assumeTrue(this.platform.pid(Parts.ORDER_SERVICE) > 0 && Files.isDirectory(Path.of("/proc/self")));
		RunningProgram now = RunningProgram.of(this.platform.pid(Parts.ORDER_SERVICE));
		this.platform.stop(Parts.ORDER_SERVICE);
		try {
			Order oldest = splitAColumn(now);
			assertThat(oldest.shippingAddress()).isEqualTo(Address.usual());
		}
		finally {
			this.instances.forEach(Instance::close);
			execute("ALTER TABLE orders.orders ADD IF NOT EXISTS shipping_address jsonb");
			this.platform.start(Parts.ORDER_SERVICE);
		}
		this.platform.assertInvariantsHold();
	}

	/** Returns the first order as the last version reads it. */
	private Order splitAColumn(RunningProgram now) throws Exception {
		Instance before = start(now, "1-before", true);
		Order oldest = before.client().awaitSettled(before.client().place(OrderRequest.of(this.product, 1)));
		assertThat(rows("shipping_address IS NULL OR encrypted_address IS NOT NULL")).isZero();
		Instance expand = start(now, "2-expand", false);
		orderThroughBoth(before, expand);
		before.close();

		Instance migrate = start(now, "3-now", true);
		orderThroughBoth(expand, migrate);
		expand.close();
		// as if the versions had changed between two runs of the job
		execute(ENCRYPT_AGAIN);
		Awaitility.await()
			.atMost(RunningPlatform.TIMEOUT)
			.untilAsserted(() -> assertThat(rows("shipping_address IS NOT NULL")).isZero());

		Instance contract = start(now, "4-contract", false);
		orderThroughBoth(migrate, contract);
		migrate.close();
		execute(Files.readString(VERSIONS.resolve("5-drop.sql")).replace("TABLE ", "TABLE orders."));
		execute(ENCRYPT_AGAIN);
		Order newest = contract.client().place(OrderRequest.of(this.product, 1));
		assertThat(contract.client().awaitSettled(newest).status()).isEqualTo("CONFIRMED");
		Awaitility.await()
			.atMost(RunningPlatform.TIMEOUT)
			.until(() -> count("orders.encryption_key WHERE 'orders.encrypted_address' = ANY (encrypted)") > 0);
		this.platform.awaitQuiet();
		return contract.client().order(oldest.id());
	}

	private void orderThroughBoth(Instance one, Instance two) throws SQLException {
		try (OrderStream stream = OrderStream.of(List.of(this.product), one.client(), two.client())) {
			stream.awaitAccepted(10);
			for (List<Instance> pair : List.of(List.of(one, two), List.of(two, one))) {
				Session accepts = pair.getFirst().client();
				Session reads = pair.getLast().client();
				List<Order> allGood = place(accepts, Address.usual());
				List<Order> allBad = place(accepts, Address.undeliverable());
				for (Order good : allGood) {
					assertThat(reads.awaitSettled(good).status()).isEqualTo("CONFIRMED");
					assertThat(reads.order(good.id()).shippingAddress()).isEqualTo(Address.usual());
				}
				for (Order bad : allBad) {
					assertThat(reads.awaitSettled(bad).failureCode()).isEqualTo("SHIPMENT_REFUSED");
					assertThat(reads.order(bad.id()).shippingAddress()).isEqualTo(Address.undeliverable());
				}
			}
			stream.close();
			assertThat(stream.violations()).isEmpty();
		}
		this.platform.awaitQuiet();
	}

	private List<Order> place(Session buyer, Address address) {
		return Stream.generate(() -> buyer.place(OrderRequest.of(this.product, 1).to(address))).limit(5).toList();
	}

	/**
	 * Starts a version and waits until it is ready.
	 * @param routed whether the gateway routes to it, or clients of its own call it
	 */
	private Instance start(RunningProgram now, String version, boolean routed) throws IOException {
		Path classes = Files.createDirectories(this.directory.resolve(version));
		List<Path> files = filesOf(VERSIONS.resolve(version));
		List<Path> sources = files.stream().filter((file) -> file.toString().endsWith(".java")).toList();
		// has the constants of the class that differs
		List<Path> repository = sources.isEmpty() ? List.of() : findSource("Orders.java");
		List<String> command = now.version(classes, Stream.concat(sources.stream(), repository.stream()).toList(),
				files.stream().filter((file) -> !sources.contains(file)).toList());
		Map<String, String> environment = new HashMap<>(now.environment());
		environment.put("SAGAMART_ENCRYPTION_READINTERVAL", "1s");
		if (!routed) {
			environment.put("SERVER_PORT", Integer.toString(Ports.free()));
			environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(Ports.free()));
		}
		Path log = this.platform.logs().resolve("order-service-" + version + ".log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().clear();
		builder.environment().putAll(environment);
		Session client = routed ? this.platform.alice()
				: new Api(URI.create("http://127.0.0.1:" + environment.get("SERVER_PORT")))
					.session(this.platform.alice().token());
		Instance instance = new Instance(builder.start(), client);
		this.instances.add(instance);
		awaitReady(instance, environment.get("MANAGEMENT_SERVER_PORT"), log);
		return instance;
	}

	private void awaitReady(Instance instance, String managementPort, Path log) {
		HttpRequest readiness = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"))
			.build();
		Awaitility.await("a version to be ready, see " + log)
			.atMost(RunningPlatform.TIMEOUT)
			.failFast(() -> assertThat(instance.process().isAlive()).as("%s", log).isTrue())
			.ignoreExceptionsInstanceOf(IOException.class)
			.until(() -> this.http.send(readiness, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
	}

	private static List<Path> filesOf(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
	}

	private static List<Path> findSource(String name) throws IOException {
		try (Stream<Path> files = Files.walk(SERVICE.resolve("src/main/java"))) {
			return files.filter((file) -> file.endsWith(name)).toList();
		}
	}

	private int rows(String condition) throws SQLException {
		return count("orders.orders o WHERE EXISTS (SELECT FROM jsonb_array_elements(lines) AS line"
				+ " WHERE line ->> 'productId' = '" + this.product.id() + "') AND (" + condition + ")");
	}

	private int count(String rows) throws SQLException {
		try (Connection database = this.platform.database(); Statement statement = database.createStatement()) {
			ResultSet row = statement.executeQuery("SELECT count(*) FROM " + rows);
			row.next();
			return row.getInt(1);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection database = this.platform.database(); Statement statement = database.createStatement()) {
			statement.execute(sql);
		}
	}

	/** A version that runs. */
	private record Instance(Process process, Session client) {

		void close() {
			this.process.destroy();
			Awaitility.await().atMost(RunningPlatform.TIMEOUT).until(() -> !this.process.isAlive());
		}

	}

}
