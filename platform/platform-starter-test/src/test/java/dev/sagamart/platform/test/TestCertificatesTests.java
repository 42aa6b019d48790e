package dev.sagamart.platform.test;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TestCertificatesTests {

	private static final TestCertificates CERTIFICATES = TestCertificates.make();

	private static HttpsServer server;

	@BeforeAll
	static void startServerThatDemandsACertificate() throws IOException {
		server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		SSLContext context = CERTIFICATES.as("user-service");
		server.setHttpsConfigurator(new HttpsConfigurator(context) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters strict = context.getDefaultSSLParameters();
				strict.setNeedClientAuth(true);
				strict.setProtocols(new String[] { "TLSv1.3", "TLSv1.2" });
				strict.setCipherSuites(
						new String[] { "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" });
				parameters.setSSLParameters(strict);
			}

		});
		server.createContext("/", (exchange) -> {
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		server.start();
	}

	@AfterAll
	static void stopServer() {
		server.stop(0);
	}

	@Test
	void areRequiredByTheServer() throws Exception {
		assertThat(statusFor(CERTIFICATES.as("api-gateway"))).isEqualTo(204);
		assertThatIOException().isThrownBy(() -> statusFor(CERTIFICATES.asAnonymous()));
		assertThatIOException().isThrownBy(() -> statusFor(CERTIFICATES.as("api-gateway", TestCertificates.make())));
	}

	@Test
	void alertsShowTheSupportedProtocols() {
		int port = server.getAddress().getPort();
		assertThat(TlsClientHello.alertToTls11(port)).isEqualTo(TlsClientHello.PROTOCOL_VERSION);
		assertThat(TlsClientHello.alertToTls12(port)).isPositive().isNotEqualTo(TlsClientHello.PROTOCOL_VERSION);
	}

	@Test
	void alertsNeedAServerThatSupportsTls() throws IOException {
		int port;
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = other.getLocalPort();
			for (String greeting : List.of("220 hello\r\n", "220", "")) {
				Thread.ofVirtual().start(() -> greetInPlainText(other, greeting));
				assertThatIllegalStateException().as(greeting).isThrownBy(() -> TlsClientHello.alertToTls12(port));
			}
		}
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> TlsClientHello.alertToTls12(port));
	}

	private static void greetInPlainText(ServerSocket server, String greeting) {
		try (Socket client = server.accept()) {
			client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
			client.shutdownOutput();
			client.getInputStream().readNBytes(50);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int statusFor(SSLContext client) throws IOException, InterruptedException {
		try (HttpClient http = HttpClient.newBuilder().sslContext(client).build()) {
			return http
				.send(HttpRequest.newBuilder(URI.create("https://localhost:" + server.getAddress().getPort() + "/"))
					.build(), HttpResponse.BodyHandlers.discarding())
				.statusCode();
		}
	}

}
