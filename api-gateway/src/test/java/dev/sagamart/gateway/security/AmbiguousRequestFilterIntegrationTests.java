package dev.sagamart.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.gateway.GatewayTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmbiguousRequestFilterIntegrationTests extends GatewayTest {

	private static final String OK = "(?s)HTTP/1\\.[01] 200 .*";

	private static final String SECOND = "GET /api/v1/products HTTP/1.1\r\nHost: a\r\n\r\n";

	@ParameterizedTest
	@ValueSource(strings = { "", "Host: a\r\nHost: b\r\n", "Host: a/b\r\n", "Host: a@b\r\n", "Host: a b\r\n",
			"Host:\r\n", "Host: a:123456\r\n", "Host: a\r\nTransfer-Encoding: xchunked\r\n",
			"Host: a\r\nTransfer-Encoding: identity\r\n", "Host: a\r\nTransfer-Encoding: identity, chunked\r\n",
			"Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" })
	void refusesAmbiguousRequests(String headers) throws IOException {
		String answers = sendRaw("POST /api/v1/sessions HTTP/1.1\r\n" + headers + "\r\n0\r\n\r\n" + SECOND);
		assertThat(answers).startsWith("HTTP/1.1 400").contains("BAD_REQUEST").doesNotContain("HTTP/1.1 200");
		assertThat(USERS.seen()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: a\r\nHost: b\r\n", "Host: a/b\r\n", "Transfer-Encoding: chunked\r\n",
			"Host: a\r\nTransfer-Encoding: chunked\r\n" })
	void refusesAmbiguousHttp10Requests(String headers) throws IOException {
		String answers = sendRaw(
				"POST /api/v1/sessions HTTP/1.0\r\nConnection: keep-alive\r\n" + headers + "\r\n0\r\n\r\n" + SECOND);
		assertThat(answers).matches("(?s)HTTP/1\\.[01] 400 .*").contains("BAD_REQUEST").doesNotContain(" 200 ");
		assertThat(USERS.seen()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/products", "/docs/", "/docs", "/openapi/gateway.json", "/nothing", "/api/v1/cart",
			"/oauth2/jwks" })
	void permitsHttp10WithoutAHost(String path) throws IOException {
		int status = send(request(path)).statusCode();
		for (String method : List.of("GET", "HEAD")) {
			String answer = sendRaw(method + " " + path + " HTTP/1.0\r\n\r\n");
			assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*").doesNotContainIgnoringCase("keep-alive");
			assertThat(answer.endsWith("\r\n\r\n")).isEqualTo(method.equals("HEAD") || status == 308);
		}
	}

	@Test
	void permitsHttp10WithoutAHostAtTheManagementPort() throws IOException {
		for (String path : List.of("/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus")) {
			assertThat(sendRaw(this.managementPort, "GET " + path + " HTTP/1.0\r\n\r\n")).matches(OK)
				.doesNotContainIgnoringCase("Transfer-Encoding");
			assertThat(sendRaw(this.managementPort, "HEAD " + path + " HTTP/1.0\r\n\r\n")).matches(OK)
				.endsWith("\r\n\r\n");
			assertThat(sendRaw(this.managementPort, "GET " + path + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
		}
	}

	/** Without chunks, the end of the connection is the end of the response. */
	@Test
	void sendsNoChunksToHttp10Clients() throws IOException {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("[1,".getBytes(StandardCharsets.US_ASCII));
			exchange.getResponseBody().flush();
			exchange.getResponseBody().write("2]".getBytes(StandardCharsets.US_ASCII));
		});
		for (String more : List.of("", "Host: a\r\n", "Host: a\r\nConnection: keep-alive\r\n")) {
			assertThat(sendRaw("GET /api/v1/products HTTP/1.0\r\n" + more + "\r\n")).matches(OK)
				.doesNotContainIgnoringCase("Transfer-Encoding")
				.endsWith("\r\n\r\n[1,2]");
		}
		assertThat(sendRaw("GET /api/v1/products HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
			.containsIgnoringCase("Transfer-Encoding: chunked");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a:8080", "shop.example", "127.0.0.1:8080", "[::1]:8080" })
	void acceptsValidHosts(String host) throws IOException {
		assertThat(sendRaw("GET /api/v1/products HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
			.startsWith("HTTP/1.1 200");
	}

}
