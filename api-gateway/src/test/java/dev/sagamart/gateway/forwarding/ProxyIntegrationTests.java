package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.local.Ports;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The gateway behind HAProxy, which connects from another address, as an ingress does.
 */
@TestPropertySource(
		properties = { "sagamart.gateway.trusted-proxies=127.0.0.98", "sagamart.security.issuer=https://shop.example" })
class ProxyIntegrationTests extends GatewayTest {

	@TempDir
	private Path directory;

	private int proxyPort;

	private Process proxy;

	@BeforeEach
	void startProxy() throws IOException {
		assumeTrue(Files.isExecutable(Path.of("/usr/sbin/haproxy")), "HAProxy is not installed");
		this.proxyPort = Ports.free();
		Path configuration = Files.writeString(this.directory.resolve("haproxy.cfg"), """
				defaults
				  mode http
				  timeout connect 5s
				  timeout client 30s
				  timeout server 30s
				frontend edge
				  bind 127.0.0.1:%d
				  option forwardfor
				  default_backend gateway
				backend gateway
				  source 127.0.0.98
				  server gateway 127.0.0.1:%d
				""".formatted(this.proxyPort, this.port));
		this.proxy = new ProcessBuilder("/usr/sbin/haproxy", "-db", "-f", configuration.toString()).inheritIO().start();
		Awaitility.await().ignoreExceptions().until(() -> {
			new Socket("127.0.0.1", this.proxyPort).close();
			return true;
		});
	}

	@AfterEach
	void stopProxy() throws InterruptedException {
		if (this.proxy != null) {
			this.proxy.destroy();
			this.proxy.waitFor();
		}
	}

	@Test
	void trustsOnlyTheEntryOfTheProxy() {
		for (String invented : new String[] { "198.51.100.7", "10.0.0.1", "127.0.0.98", "203.0.113.1, 127.0.0.98",
				"nonsense" }) {
			assertThat(send(throughProxy().header("X-Forwarded-For", invented)).statusCode()).isEqualTo(200);
			assertThat(PRODUCTS.last().header("x-forwarded-for")).as(invented).containsExactly("127.0.0.1");
		}
		assertThat(send(throughProxy()).statusCode()).isEqualTo(200);
		assertThat(PRODUCTS.last().header("x-forwarded-for")).containsExactly("127.0.0.1");
	}

	@Test
	void trustsNobodyElse() {
		send(request("/api/v1/products").header("X-Forwarded-For", "198.51.100.7"));
		assertThat(PRODUCTS.last().header("x-forwarded-for")).containsExactly("127.0.0.1");
	}

	/** The proxy terminates TLS, and the issuer is an HTTPS address. */
	@Test
	void sendsStrictTransportSecurity() {
		assertThat(send(throughProxy()).headers().firstValue("Strict-Transport-Security"))
			.hasValueSatisfying((value) -> assertThat(value).startsWith("max-age=31536000"));
	}

	private HttpRequest.Builder throughProxy() {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.proxyPort + "/api/v1/products"));
	}

}
