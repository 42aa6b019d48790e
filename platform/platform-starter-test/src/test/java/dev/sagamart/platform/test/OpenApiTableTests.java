package dev.sagamart.platform.test;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiTableTests {

	private static final String DOCUMENT = """
			{"paths": {
				"/b": {"post": {"responses": {"422": {}, "201": {}}}, "get": {"responses": {"200": {}}}},
				"/a": {"get": {"responses": {"200": {}}}}
			}}""";

	@Test
	void hasALineForEachOperation() throws Exception {
		HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		service.createContext("/openapi.json", (exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, 0);
			try (exchange) {
				exchange.getResponseBody().write(DOCUMENT.getBytes(StandardCharsets.UTF_8));
			}
		});
		service.start();
		try {
			RestTestClient client = RestTestClient.bindToServer()
				.baseUrl("http://127.0.0.1:" + service.getAddress().getPort())
				.build();
			assertThat(OpenApiTable.of(client)).containsExactly("GET /a: 200", "GET /b: 200", "POST /b: 201 422");
		}
		finally {
			service.stop(0);
		}
	}

}
