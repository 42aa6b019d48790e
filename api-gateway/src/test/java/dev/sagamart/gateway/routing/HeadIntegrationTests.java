package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.GatewayTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A HEAD request is handled like a GET request, but the response has no body. */
class HeadIntegrationTests extends GatewayTest {

	@ParameterizedTest
	@ValueSource(strings = { "/docs", "/docs/", "/docs/index.html", "/docs/swagger-initializer.js",
			"/docs/swagger-ui.css", "/docs/oauth2-redirect.html", "/docs/nothing", "/openapi/gateway.json",
			"/openapi/users.json", "/openapi/nothing.json", "/api/v1/products", "/api/v1/cart", "/nothing",
			"/oauth2/jwks", "/api/v1/payments", "/api/v1/operations/audit", "/api/v1/operations/audit?pageSize=0" })
	void isHandledLikeAGetWithoutABody(String path) {
		assertSameHeaders(request(path), request(path));
		assertSameHeaders(request(path, ADMIN), request(path, ADMIN));
		assertSameHeaders(request(path, CUSTOMER), request(path, CUSTOMER));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness",
			"/actuator/info", "/actuator/nothing", "/actuator/health/nothing" })
	void worksAtTheManagementPort(String path) {
		assertSameHeaders(management(path), management(path));
	}

	@Test
	void worksForMetrics() {
		HttpResponse<String> head = send(management("/actuator/prometheus").HEAD());
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.body()).isEmpty();
	}

	/** The client receives the headers about the body that is not sent. */
	@Test
	void forwardsTheHeadersAboutTheBody() {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.getResponseHeaders().set("Content-Length", "12345");
			exchange.getResponseHeaders().set("ETag", "\"7\"");
			exchange.sendResponseHeaders(200, -1);
		});
		HttpResponse<String> head = send(request("/api/v1/products/1").HEAD());
		assertThat(PRODUCTS.last().method()).isEqualTo("HEAD");
		assertThat(head.headers().firstValue("Content-Length")).hasValue("12345");
		assertThat(head.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(head.headers().firstValue("ETag")).hasValue("\"7\"");
	}

	@Test
	void forwardsTheHeadersOfAStream() throws IOException {
		ORDERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.getResponseHeaders().set("Cache-Control", "no-cache");
			exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
			boolean head = exchange.getRequestMethod().equals("HEAD");
			exchange.sendResponseHeaders(200, head ? -1 : 0);
			if (!head) {
				exchange.getResponseBody().write(":heartbeat\n\n".getBytes(StandardCharsets.US_ASCII));
			}
		});
		String path = "/api/v1/orders/1/events";
		for (HttpRequest.Builder request : List.of(request(path, CUSTOMER), request(path, CUSTOMER).HEAD())) {
			HttpResponse<String> stream = send(request);
			assertThat(stream.statusCode()).isEqualTo(200);
			assertThat(stream.headers().allValues("Content-Type")).containsExactly("text/event-stream");
			assertThat(stream.headers().allValues("Cache-Control")).containsExactly("no-cache");
			assertThat(stream.headers().allValues("X-Accel-Buffering")).containsExactly("no");
			assertThat(stream.headers().map()).doesNotContainKeys("pragma", "expires");
		}
		String raw = sendRaw("GET " + path + " HTTP/1.0\r\nAuthorization: Bearer " + CUSTOMER + "\r\n\r\n");
		assertThat(raw).doesNotContainIgnoringCase("Transfer-Encoding").endsWith("\r\n\r\n:heartbeat\n\n");
	}

	private static void assertSameHeaders(HttpRequest.Builder getting, HttpRequest.Builder asking) {
		HttpResponse<String> get = send(getting);
		HttpResponse<String> head = send(asking.HEAD());
		assertThat(head.statusCode()).isEqualTo(get.statusCode());
		assertThat(head.body()).isEmpty();
		String length = get.headers().firstValue("Content-Length").orElse("");
		assertThat(head.headers().firstValue("Content-Length").orElse("0")).as("a length of 0 is omitted")
			.isEqualTo(length);
		for (String name : List.of("Content-Type", "Cache-Control", "ETag", "Last-Modified", "Location",
				"Content-Security-Policy", "WWW-Authenticate")) {
			assertThat(head.headers().firstValue(name)).as(name).isEqualTo(get.headers().firstValue(name));
		}
	}

}
