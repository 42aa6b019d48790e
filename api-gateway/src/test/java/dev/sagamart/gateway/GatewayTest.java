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
 * The gateway as in production, before services that a test plays. Its time-outs are so
 * long that only the tests that are about them ever meet one, however busy the machine.
 * It has no database and waits for none, unless a test has one.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = ApiGatewayApplication.class,
		properties = { "server.netty.idle-timeout=15s",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=20s",
				"sagamart.gateway.routing.route-timeout=25s", "sagamart.gateway.routing.client-timeout=28s",
				"sagamart.security.keys-timeout=20s", "sagamart.gateway.rate-limits.sign-in.burst=1000",
				"sagamart.gateway.rate-limits.anonymous.burst=10000",
				// tests share their users, and one of them lets these have little
				"sagamart.gateway.rate-limits.user.burst=10000", "sagamart.gateway.rate-limits.address.burst=10000",
				"spring.datasource.hikari.connection-timeout=250" })
public abstract class GatewayTest {

	protected static final TestTokens TOKENS = TestTokens.shared();

	protected static final Upstream USERS = new Upstream("users");

	protected static final Upstream PRODUCTS = new Upstream("products");

	protected static final Upstream ORDERS = new Upstream("orders");

	private static final Socket PAYMENTS = silent();

	protected static final String CUSTOMER = longLived("CUSTOMER");

	protected static final String ADMIN = longLived("ADMIN");

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
		// a number: routes know by it that they do not belong on that port
		int management = Ports.free();
		registry.add("management.server.port", () -> management);
	}

	@BeforeEach
	void resetServices() {
		USERS.reset();
		PRODUCTS.reset();
		ORDERS.reset();
	}

	/** Is bound but does not listen: nobody answers there, and nobody else gets it. */
	private static Socket silent() {
		Socket socket = new Socket();
		try {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return socket;
	}

	/** For all tests of this JVM, which may take longer than the usual 15 minutes. */
	private static String longLived(String role) {
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

	/** All metrics, as Prometheus gets them. */
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

	/** Sends exactly these bytes, and gives all that comes back until the end. */
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

	/** In a service that a test plays: keeps an answer back until the test lets it go. */
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
