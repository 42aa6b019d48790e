package dev.sagamart.gateway;

import dev.sagamart.local.Ports;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gateway as in production, with fake services. Its time-outs are so long that they
 * only fire in the tests that are about them, even on a busy machine. It runs without a
 * database unless a test provides one.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = ApiGatewayApplication.class,
		properties = { "server.netty.idle-timeout=15s",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=20s",
				"sagamart.gateway.routing.route-timeout=25s", "sagamart.gateway.routing.client-timeout=28s",
				"sagamart.security.keys-timeout=20s", "sagamart.gateway.rate-limits.sign-in.burst=1000",
				"sagamart.gateway.rate-limits.anonymous.burst=10000",
				// Tests share their users, and one of them sets low limits.
				"sagamart.gateway.rate-limits.user.burst=10000", "sagamart.gateway.rate-limits.address.burst=10000",
				"spring.datasource.hikari.connection-timeout=250" })
public abstract class GatewayTest {

	protected static final TestTokens TOKENS = TestTokens.shared();

	protected static final Upstream USERS = new Upstream("users");

	protected static final Upstream PRODUCTS = new Upstream("products");

	protected static final Upstream ORDERS = new Upstream("orders");

	private static final Socket PAYMENTS = unreachable();

	protected static final String CUSTOMER = longLivedToken("CUSTOMER");

	protected static final String ADMIN = longLivedToken("ADMIN");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final HttpClient HTTP = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	@LocalServerPort
	protected int port;

	@LocalManagementPort
	protected int managementPort;

	@DynamicPropertySource
	static void services(DynamicPropertyRegistry registry) {
		registry.add("USER_SERVICE_URL", USERS::url);
		registry.add("PRODUCT_SERVICE_URL", PRODUCTS::url);
		registry.add("ORDER_SERVICE_URL", ORDERS::url);
		registry.add("PAYMENT_SERVICE_URL", () -> "http://127.0.0.1:" + PAYMENTS.getLocalPort());
		registry.add("JWKS_URI", TOKENS::jwksUri);
		registry.add("REDIS_ADDRESS", () -> TestServers.redis().address());
		// Not 0, because the routes of the main port must recognise the management port.
		int management = Ports.free();
		registry.add("management.server.port", () -> management);
	}

	@BeforeEach
	void resetServices() {
		USERS.reset();
		PRODUCTS.reset();
		ORDERS.reset();
	}

	/**
	 * A port that refuses connections: it is bound, so no other process gets it, but
	 * nothing listens.
	 */
	private static Socket unreachable() {
		Socket socket = new Socket();
		try {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return socket;
	}

	/**
	 * Valid for all tests of this JVM, which may take longer than the usual 15 minutes.
	 */
	private static String longLivedToken(String role) {
		return TOKENS.token().roles(role).expiresAt(Instant.now().plus(Duration.ofDays(1))).compact();
	}

	protected HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(Duration.ofSeconds(30));
	}

	protected HttpRequest.Builder management(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.managementPort + path))
			.timeout(Duration.ofSeconds(20));
	}

	/** All metrics in the format of Prometheus. */
	protected String scraped() {
		return send(management("/actuator/prometheus")).body();
	}

	protected HttpRequest.Builder request(String path, String token) {
		return request(path).header("Authorization", "Bearer " + token);
	}

	protected static HttpResponse<String> send(HttpRequest.Builder request) {
		return send(request, HttpResponse.BodyHandlers.ofString());
	}

	protected static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
		try {
			return HTTP.send(request.build(), body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sends exactly these bytes, and returns all bytes until the connection is closed.
	 */
	protected String sendRaw(String bytes) throws IOException {
		return sendRaw(this.port, bytes);
	}

	protected static String sendRaw(int port, String bytes) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
			socket.getOutputStream().flush();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	/** Delays the response of a fake service until the test releases it. */
	protected static void awaitLatch(CountDownLatch latch, int seconds) {
		try {
			assertThat(latch.await(seconds, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	protected static JsonNode json(HttpResponse<String> response) {
		return JSON.readTree(response.body());
	}

}
