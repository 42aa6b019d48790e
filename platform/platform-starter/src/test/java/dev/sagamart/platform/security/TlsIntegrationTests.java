package dev.sagamart.platform.security;

import dev.sagamart.platform.sample.SampleService;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestCertificates;
import dev.sagamart.platform.test.TlsClientHello;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** A service in the profile {@code tls}, as its neighbours and strangers reach it. */
@PlatformTest(classes = SampleService.class,
		properties = { "spring.application.name=sample-service", "sagamart.schema=payments",
				"spring.flyway.locations=classpath:db/sample" })
@ActiveProfiles("tls")
class TlsIntegrationTests {

	private static final TestCertificates OURS = TestCertificates.make();

	@LocalServerPort
	int port;

	@DynamicPropertySource
	static void certificates(DynamicPropertyRegistry registry) {
		registry.add("TLS_DIRECTORY", () -> OURS.of("payment-service").toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void aNeighbourIsLetIn(String protocol) throws IOException {
		assertThat(get(OURS.as("api-gateway"), protocol)).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void whoShowsNoCertificateIsNot(String protocol) {
		assertThatIOException().isThrownBy(() -> get(OURS.asAnonymous(), protocol));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void whoShowsOneOfAnotherAuthorityIsNot(String protocol) {
		TestCertificates others = TestCertificates.make();
		assertThatIOException().isThrownBy(() -> get(OURS.as("api-gateway", others), protocol));
	}

	@Test
	void neitherAreOldProtocols() {
		assertThat(TlsClientHello.alertToTls11(this.port)).isEqualTo(TlsClientHello.PROTOCOL_VERSION);
		assertThat(TlsClientHello.alertToTls12(this.port)).isNotEqualTo(TlsClientHello.PROTOCOL_VERSION);
	}

	@Test
	void norPlainText() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			assertThat(ask(socket)).startsWith("HTTP/1.1 400").doesNotContain("openapi\"");
		}
	}

	@Test
	void onlyTheManagementPortIsPlain(@Autowired Environment environment) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			assertThat(
					client
						.send(HttpRequest
							.newBuilder(URI.create("http://localhost:"
									+ environment.getProperty("local.management.port") + "/actuator/health/liveness"))
							.build(), HttpResponse.BodyHandlers.discarding())
						.statusCode())
				.isEqualTo(200);
		}
	}

	private String get(SSLContext client, String protocol) throws IOException {
		try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setEnabledProtocols(new String[] { protocol });
			return ask(socket);
		}
	}

	private static String ask(Socket socket) throws IOException {
		socket.setSoTimeout(60_000);
		socket.getOutputStream()
			.write("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
				.getBytes(StandardCharsets.US_ASCII));
		InputStream in = socket.getInputStream();
		String answer = new String(in.readNBytes(200), StandardCharsets.UTF_8);
		if (answer.isEmpty()) {
			throw new IOException("No answer");
		}
		return answer;
	}

}
