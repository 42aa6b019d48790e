package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A gateway that is exportedSpans where the collector is. */
@TestPropertySource(properties = { "TRACING_EXPORT=true", "TRACING_SAMPLING=1",
		"management.opentelemetry.tracing.export.schedule-delay=100ms" })
class TracesIntegrationTests extends GatewayTest {

	private static final Upstream COLLECTOR = new Upstream("collector");

	@DynamicPropertySource
	static void collector(DynamicPropertyRegistry registry) {
		registry.add("TRACING_ENDPOINT", () -> COLLECTOR.url() + "/v1/traces");
	}

	@AfterAll
	static void stop() {
		COLLECTOR.close();
	}

	@Test
	void tracesARequestInTheGatewayAndTheService() {
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
		assertThat(PRODUCTS.last().header("traceparent")).singleElement()
			.asString()
			// sampled, with a random id
			.endsWith("-03");
		await().untilAsserted(() -> assertThat(COLLECTOR.seen()).isNotEmpty());
		Upstream.Seen sent = COLLECTOR.last();
		assertThat(sent.method() + " " + sent.path()).isEqualTo("POST /v1/traces");
		assertThat(sent.header("content-type")).isEqualTo(List.of("application/x-protobuf"));
		assertThat(sent.bodyLength()).isPositive();
	}

	@Test
	void exportsNoSecrets() {
		COLLECTOR.reset();
		send(request("/api/v1/password-resets/not-to-be-kept?a=b").PUT(HttpRequest.BodyPublishers.noBody()));
		assertThat(USERS.last().path()).contains("not-to-be-kept");
		await().untilAsserted(
				() -> assertThat(exportedSpans()).contains("/api/v1/password-resets/{token}", "users-passwords"));
		assertThat(exportedSpans()).doesNotContain("not-to-be-kept");
	}

	private static String exportedSpans() {
		return COLLECTOR.seen().stream().map(Upstream.Seen::body).collect(Collectors.joining());
	}

	@Test
	void ignoresAClientThatDisablesSampling() {
		send(request("/api/v1/products").header("traceparent",
				"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"));
		assertThat(PRODUCTS.last().header("traceparent")).singleElement()
			.asString()
			.matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0[13]");
	}

}
