package dev.sagamart.platform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sagamart.platform.sample.SampleService;
import dev.sagamart.platform.test.PlatformTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A service that is told where the collector is. */
@PlatformTest(classes = SampleService.class,
		properties = { "spring.application.name=sample-service", "sagamart.schema=payments",
				"spring.flyway.locations=classpath:db/sample", "TRACING_EXPORT=true", "TRACING_SAMPLING=1",
				"management.opentelemetry.tracing.export.schedule-delay=100ms" })
class TracesIntegrationTests {

	private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();

	private static final HttpServer COLLECTOR = collector();

	@Autowired
	RestTestClient client;

	@DynamicPropertySource
	static void collector(DynamicPropertyRegistry registry) {
		registry.add("TRACING_ENDPOINT", () -> "http://127.0.0.1:" + COLLECTOR.getAddress().getPort() + "/v1/traces");
	}

	private static HttpServer collector() {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.createContext("/v1/traces", TracesIntegrationTests::receive);
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			RECEIVED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
			exchange.sendResponseHeaders(200, -1);
		}
	}

	@AfterAll
	static void stop() {
		COLLECTOR.stop(0);
	}

	@Test
	void aRequestIsTraced() {
		this.client.get().uri("/open/things/traced").exchange();
		await().untilAsserted(() -> assertThat(String.join("", RECEIVED)).contains("sample-service", "sagamart",
				"http get /open/things/{id}"));
	}

}
