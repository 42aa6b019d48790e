package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.books.Invariants;
import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Api.DemoAccount;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole platform with the demo data, as processes or containers. Parts that end
 * unexpectedly are restarted. The configuration differs from production: saga deadlines
 * are short, so that tests can reach them; access tokens outlive all tests, which log in
 * only once; the rate limit for log-ins is higher, because all come from one address.
 */
public final class RunningPlatform implements AutoCloseable {

	/** How long a test waits for something that is slow only on a busy machine. */
	public static final Duration TIMEOUT = Duration.ofMinutes(3);

	/**
	 * The deadline of the reservation. It is shorter than the 10 seconds after which a
	 * suspended consumer loses its partitions.
	 */
	static final Duration RESERVE_TIMEOUT = Duration.ofSeconds(8);

	/** The address of a proxy whose {@code X-Forwarded-For} the gateway trusts. */
	public static final String PROXY = "127.0.0.99";

	private static final Path ROOT = Path.of(System.getProperty("sagamart.root", "..")).toAbsolutePath().normalize();

	/** Set here, so that tests can decrypt data in the database. */
	private static final String SIGNING_MASTER_KEY = Base64.getEncoder().encodeToString(random(32));

	private static final String SERVICE_SECRET = HexFormat.of().formatHex(random(24));

	private final List<String> firstLog = new ArrayList<>();

	private final Deployment deployment;

	private final SagaTable sagaTable;

	private final HttpClient http = HttpClient.newHttpClient();

	private final Api api;

	private final ProviderBooks provider;

	private final Session admin;

	private final Session alice;

	private final Session bob;

	private RunningPlatform(Deployment deployment, SagaTable sagaTable) {
		this.deployment = deployment;
		this.sagaTable = sagaTable;
		this.api = new Api(deployment.url(Parts.API_GATEWAY));
		this.provider = new ProviderBooks(deployment.url(Parts.PAYMENT_SIMULATOR));
		this.admin = this.api.login(DemoAccount.ADMIN);
		this.alice = this.api.login(DemoAccount.ALICE);
		this.bob = this.api.login(DemoAccount.BOB);
	}

	static RunningPlatform start() throws IOException {
		Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
		Deployment deployment = Deployment.start(ROOT, target,
				Map.of(Parts.USER_SERVICE, Map.of("SIGNING_MASTER_KEY", SIGNING_MASTER_KEY,
						"ORDER_SERVICE_CLIENT_SECRET", SERVICE_SECRET, "SAGAMART_TOKENS_ACCESSTOKENLIFE", "3h"),
						Parts.ORDER_SERVICE,
						Map.of("ORDER_SERVICE_CLIENT_SECRET", SERVICE_SECRET, "SAGAMART_SAGA_RESERVE",
								RESERVE_TIMEOUT.toSeconds() + "s", "SAGAMART_SAGA_CAPTURE", "5s",
								"SAGAMART_SAGA_COMPENSATE", "5s"),
						Parts.PAYMENT_SERVICE,
						Map.of("SAGAMART_PAYMENT_OPERATIONS_LEASE", "6s", "SAGAMART_PAYMENT_OPERATIONS_MAXDELAY", "2s"),
						Parts.API_GATEWAY,
						Map.of("SAGAMART_GATEWAY_RATELIMITS_SIGNIN_PERSECOND", "100",
								"SAGAMART_GATEWAY_RATELIMITS_SIGNIN_BURST", "200", "SAGAMART_GATEWAY_TRUSTEDPROXIES",
								PROXY)));
		RunningPlatform platform = new RunningPlatform(deployment, SagaTable.read(ROOT.resolve("docs/saga.md")));
		platform.alice.await(platform.alice.place(OrderRequest.of(platform.admin.createProduct(Money.eur(100), 1), 1)),
				"CONFIRMED");
		platform.firstLog.addAll(linesOf(deployment.logs()));
		return platform;
	}

	private static List<String> linesOf(Path logs) throws IOException {
		List<String> lines = new ArrayList<>();
		try (Stream<Path> files = Files.list(logs)) {
			for (Path file : files.sorted().toList()) {
				Files.readAllLines(file).forEach((line) -> lines.add(file.getFileName() + ": " + line));
			}
		}
		return lines;
	}

	/**
	 * The log lines of all parts after the start and one order, each with its file name
	 * as prefix.
	 */
	List<String> firstLog() {
		return List.copyOf(this.firstLog);
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

	/** The key with which user-service encrypts its data. */
	public String signingMasterKey() {
		return SIGNING_MASTER_KEY;
	}

	/** The client secret with which order-service gets its tokens. */
	public String serviceClientSecret() {
		return SERVICE_SECRET;
	}

	/** Requests an access token with the client credentials of order-service. */
	public String serviceToken() {
		String credentials = Base64.getEncoder()
			.encodeToString(("order-service:" + SERVICE_SECRET).getBytes(StandardCharsets.US_ASCII));
		HttpRequest request = HttpRequest.newBuilder(url(Parts.USER_SERVICE).resolve("/oauth2/token"))
			.header("Authorization", "Basic " + credentials)
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=catalogue.read"))
			.build();
		try {
			String answer = this.http.send(request, HttpResponse.BodyHandlers.ofString()).body();
			return JsonMapper.shared().readTree(answer).path("access_token").asString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	public URI url(PartName part) {
		return this.deployment.url(part);
	}

	/** The gRPC port of product-service. */
	public int grpcPort() {
		return this.deployment.grpcPort();
	}

	public String threadDump(PartName service) {
		return this.deployment.threadDump(service);
	}

	/** A directory with the current logs of all parts. */
	public Path logs() {
		return this.deployment.logs();
	}

	/** A directory with the current books of the payment simulator. */
	public Path providerBooksDirectory() {
		return this.deployment.providerBooksDirectory();
	}

	/** Whether the platform sees the loopback address of a client. */
	public boolean distinguishesClientAddresses() {
		return this.deployment.distinguishesClientAddresses();
	}

	public String kafkaBootstrapServers() {
		return this.deployment.kafkaBootstrapServers();
	}

	public URI managementUrl(PartName part) {
		return this.deployment.managementUrl(part);
	}

	public Api api() {
		return this.api;
	}

	public ProviderBooks provider() {
		return this.provider;
	}

	public Session admin() {
		return this.admin;
	}

	public Session alice() {
		return this.alice;
	}

	public Session bob() {
		return this.bob;
	}

	/** The process id of a part on this machine; zero or negative if it has none here. */
	long pid(PartName part) {
		return this.deployment.pid(part);
	}

	/** Kills a part as {@code kill -9} does; it is restarted. */
	void kill(PartName part) {
		long pid = this.deployment.pid(part);
		this.deployment.kill(part);
		Awaitility.await(part.text() + " to be started again")
			.atMost(TIMEOUT)
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.deployment.pid(part) > 0 && this.deployment.pid(part) != pid);
	}

	/** Stops a part gracefully; it is not restarted. */
	void stop(PartName part) {
		this.deployment.stop(part);
	}

	void start(PartName part) {
		this.deployment.start(part);
	}

	/** Suspends a part: it keeps its connections but answers nothing. */
	void hang(PartName part) {
		this.deployment.hang(part);
	}

	void wake(PartName part) {
		this.deployment.wake(part);
	}

	void awaitReady(PartName part) {
		this.deployment.awaitReady(part);
	}

	/** Opens a connection of the superuser, who can read all schemas. */
	public Connection database() throws SQLException {
		return this.deployment.database();
	}

	/** Waits until the price list of order-service has this version of the product. */
	public void awaitOnPriceList(Product product) {
		Awaitility.await("the price of " + product.sku() + " to arrive")
			.atMost(TIMEOUT)
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

	/** Waits until all orders are settled and all messages are sent. */
	public void awaitQuiet() throws SQLException {
		try (Connection database = database()) {
			Awaitility.await("the platform to be quiet")
				.atMost(TIMEOUT)
				.pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(250))
				.untilAsserted(() -> assertThat(Invariants.unfinished(database)).isEmpty());
		}
	}

	/** Asserts all invariants over all data of this platform. */
	public void assertInvariantsHold() throws SQLException {
		try (Connection database = database()) {
			List<String> violations = new ArrayList<>(Invariants.violations(database, this.provider));
			violations.addAll(PublishedOrderEvents.violations(this.deployment.kafkaBootstrapServers(), database));
			violations.addAll(this.sagaTable.violations(database));
			assertThat(violations).isEmpty();
		}
	}

	@Override
	public void close() {
		this.api.close();
		this.http.close();
		this.deployment.close();
	}

}
