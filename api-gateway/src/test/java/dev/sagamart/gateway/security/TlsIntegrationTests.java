package dev.sagamart.gateway.security;

import dev.sagamart.gateway.Upstream;
import dev.sagamart.platform.test.TestCertificates;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.platform.test.TlsClientHello;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** The gateway in the profile {@code tls}, between clients and services. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "management.server.port=0", "sagamart.security.keys-timeout=20s",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=20s",
				"sagamart.gateway.routing.route-timeout=25s", "sagamart.gateway.routing.client-timeout=28s",
				"spring.datasource.hikari.connection-timeout=250" })
@ActiveProfiles("tls")
class TlsIntegrationTests {

	private static final TestCertificates OURS = TestCertificates.make();

	private static final TestCertificates OTHERS = TestCertificates.make();

	private static final Upstream USERS = new Upstream("users", "127.0.0.1", OURS.as("user-service"));

	private static final Upstream PRODUCTS = new Upstream("products", "127.0.0.1", OURS.as("product-service"));

	/**
	 * A service that trusts our certificates, but has a certificate of another authority.
	 */
	private static final Upstream ORDERS = new Upstream("orders", "127.0.0.1", OURS.as("order-service", OTHERS));

	/** A service whose certificate does not contain its address. */
	private static final Upstream PAYMENTS = new Upstream("payments", "127.0.0.2", OURS.as("payment-service"));

	@LocalServerPort
	int port;

	@LocalManagementPort
	int managementPort;

	@DynamicPropertySource
	static void services(DynamicPropertyRegistry registry) {
		registry.add("TLS_DIRECTORY", () -> OURS.of("api-gateway").toString());
		registry.add("USER_SERVICE_URL", USERS::url);
		registry.add("PRODUCT_SERVICE_URL", PRODUCTS::url);
		registry.add("ORDER_SERVICE_URL", ORDERS::url);
		registry.add("PAYMENT_SERVICE_URL", PAYMENTS::url);
		registry.add("JWKS_URI", () -> USERS.url() + "/oauth2/jwks");
		registry.add("REDIS_ADDRESS", () -> TestServers.redis().address());
	}

	@AfterAll
	static void stop() {
		USERS.close();
		PRODUCTS.close();
		ORDERS.close();
		PAYMENTS.close();
	}

	@Test
	void clientsUseHttpsWithoutACertificate() throws Exception {
		HttpResponse<String> response = send(request("/api/v1/products"));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo("products");
		assertThat(response.headers().allValues("Strict-Transport-Security"))
			.containsExactly("max-age=31536000 ; includeSubDomains");
	}

	@Test
	void sendsItsCertificateToServices() throws Exception {
		assertThat(send(request("/api/v1/products/1")).statusCode()).isEqualTo(200);
		assertThat(PRODUCTS.last().client()).contains("CN=api-gateway");
	}

	@Test
	void sendsItsCertificateWhenItFetchesKeys() throws Exception {
		String keys = send(HttpRequest.newBuilder(URI.create(TestTokens.shared().jwksUri()))).body();
		USERS.answers((exchange) -> Upstream.answer(exchange, 200,
				exchange.getRequestURI().getPath().equals("/oauth2/jwks") ? keys : "me"));
		String token = TestTokens.shared().customer(UUID.randomUUID());
		HttpResponse<String> response = send(request("/api/v1/users/me").header("Authorization", "Bearer " + token));
		assertThat(response.body()).isEqualTo("me");
		assertThat(USERS.seen()).extracting(Upstream.Seen::path).contains("/oauth2/jwks");
		assertThat(USERS.seen()).allSatisfy((seen) -> assertThat(seen.client()).contains("CN=api-gateway"));
	}

	@Test
	void refusesAServiceWithACertificateOfAnotherAuthority() throws Exception {
		assertThat(send(request("/openapi/orders.json")).statusCode()).isEqualTo(503);
		assertThat(ORDERS.seen()).isEmpty();
	}

	@Test
	void refusesAServiceWithACertificateForAnotherAddress() throws Exception {
		assertThatExceptionOfType(SSLHandshakeException.class)
			.isThrownBy(() -> send(HttpRequest.newBuilder(URI.create(PAYMENTS.url()))))
			.withMessageContaining("127.0.0.2");
		assertThat(send(request("/openapi/payments.json")).statusCode()).isEqualTo(503);
		assertThat(PAYMENTS.seen()).isEmpty();
	}

	@Test
	void refusesOldProtocolsAndPlainText() {
		assertThat(TlsClientHello.alertToTls11(this.port)).isEqualTo(TlsClientHello.PROTOCOL_VERSION);
		assertThat(TlsClientHello.alertToTls12(this.port)).isNotEqualTo(TlsClientHello.PROTOCOL_VERSION);
		assertThatIOException().isThrownBy(() -> send(HttpRequest.newBuilder(uri("http", this.port, "/docs/"))));
	}

	@Test
	void onlyTheManagementPortUsesPlainHttp() throws Exception {
		assertThat(send(HttpRequest.newBuilder(uri("http", this.managementPort, "/actuator/health/liveness")))
			.statusCode()).isEqualTo(200);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(uri("https", this.port, path));
	}

	private static URI uri(String scheme, int port, String path) {
		return URI.create(scheme + "://127.0.0.1:" + port + path);
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		try (HttpClient client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.sslContext(OURS.asAnonymous())
			.build()) {
			return client.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
		}
	}

}
