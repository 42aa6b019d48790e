package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.GatewayTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Slow services. Their own time-outs are longer than that of the client. */
@TestPropertySource(properties = { "spring.cloud.gateway.server.webflux.httpclient.response-timeout=3s",
		"sagamart.gateway.routing.route-timeout=4s" })
class SlowServicesIntegrationTests extends GatewayTest {

	@Test
	void responds504WhenTheServiceIsTooSlow() {
		CountDownLatch released = new CountDownLatch(1);
		PRODUCTS.answers((exchange) -> awaitLatch(released, 60));
		HttpResponse<String> response = send(request("/api/v1/products"));
		released.countDown();
		assertThat(response.statusCode()).isEqualTo(504);
		assertThat(json(response).get("code").stringValue()).isEqualTo("GATEWAY_TIMEOUT");
	}

	@Test
	void closesTheConnectionOfAnIncompleteResponse() {
		CountDownLatch released = new CountDownLatch(1);
		PRODUCTS.answers((exchange) -> {
			exchange.sendResponseHeaders(200, 1000);
			exchange.getResponseBody().write(new byte[10]);
			exchange.getResponseBody().flush();
			awaitLatch(released, 60);
		});
		assertThatThrownBy(() -> send(request("/api/v1/products"))).cause()
			.isInstanceOf(IOException.class)
			.isNotInstanceOf(HttpTimeoutException.class);
		released.countDown();
	}

	@Test
	void streamsEventsWithoutDelayAndWithoutTimeout() throws IOException {
		CountDownLatch firstWasRead = new CountDownLatch(1);
		CountDownLatch clientLeft = new CountDownLatch(1);
		ORDERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
			exchange.getResponseBody().flush();
			awaitLatch(firstWasRead, 60);
			Awaitility.await().pollDelay(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(30)).until(() -> true);
			try {
				while (true) {
					exchange.getResponseBody().write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
					exchange.getResponseBody().flush();
				}
			}
			catch (IOException ex) {
				clientLeft.countDown();
			}
		});
		HttpResponse<InputStream> response = send(request("/api/v1/orders/1/events", CUSTOMER),
				HttpResponse.BodyHandlers.ofInputStream());
		try (InputStream events = response.body()) {
			assertThat(new String(events.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
			firstWasRead.countDown();
			assertThat(new String(events.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: 2\n\n");
		}
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
		Awaitility.await("the service hears that the client left")
			.atMost(Duration.ofSeconds(30))
			.until(() -> clientLeft.getCount() == 0);
	}

}
