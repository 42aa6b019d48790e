package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@TestPropertySource(properties = { "sagamart.gateway.edge-secret=the-edge-secret", "TRACING_SAMPLING=0" })
class ForwardingIntegrationTests extends GatewayTest {

	@Test
	void dropsIdentityHeadersOfClients() {
		HttpRequest.Builder request = request("/api/v1/products");
		List<String> spoofed = List.of("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
				"Forwarded", "X-Real-IP", "X-User-Id", "X-User-Roles", "X-Roles", "X-Auth-Request-User",
				"X-Remote-User", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method", "X-HTTP-Method-Override",
				"X-Method-Override", "True-Client-IP", "CF-Connecting-IP", "X-Client-Cert", "X-Edge-Secret",
				"X-Audit-Subject", "baggage", "Via", "X-Anything");
		spoofed.forEach((name) -> request.header(name, "203.0.113.9"));
		send(request);
		assertThat(PRODUCTS.last().header("x-forwarded-for")).containsExactly("127.0.0.1");
		assertThat(PRODUCTS.last().header("x-edge-secret")).containsExactly("the-edge-secret");
		assertThat(PRODUCTS.last().headers().values())
			.allSatisfy((values) -> assertThat(values).noneMatch((value) -> value.contains("203.0.113.9")));
		assertThat(PRODUCTS.last().method()).isEqualTo("GET");
		assertThat(PRODUCTS.last().path()).isEqualTo("/api/v1/products");
	}

	@Test
	void passesTheHeadersOfTheContract() {
		HttpRequest.Builder request = request("/api/v1/orders", CUSTOMER)
			.POST(HttpRequest.BodyPublishers.ofString("x"));
		List<String> known = List.of("Accept", "Accept-Language", "Content-Type", "Content-Encoding", "Idempotency-Key",
				"If-Match", "If-None-Match", "Last-Event-ID", "User-Agent", "Cookie");
		known.forEach((name) -> request.header(name, "a/b"));
		send(request);
		assertThat(known)
			.allSatisfy((name) -> assertThat(ORDERS.last().header(name.toLowerCase())).as(name).containsExactly("a/b"));
	}

	@ParameterizedTest
	@CsvSource({ "traceparent, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			"b3, 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
			"b3, 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d" })
	void ignoresTheSamplingDecisionOfTheClient(String name, String wish) {
		send(request("/api/v1/products").header(name, wish));
		assertThat(PRODUCTS.last().header("traceparent")).singleElement()
			.asString()
			.matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0[02]");
	}

	@Test
	void hidesInternalHeadersOfServices() {
		List<String> own = List.of("Server", "X-Powered-By", "X-Audit-Subject", "X-Application-Context", "Via",
				"X-Frame-Options", "X-Edge-Secret", "X-Debug");
		List<String> meant = List.of("Location", "ETag", "Retry-After", "Idempotent-Replayed", "WWW-Authenticate",
				"Cache-Control", "Allow", "Set-Cookie");
		ORDERS.answers((exchange) -> {
			own.forEach((name) -> exchange.getResponseHeaders().set(name, "of-the-service"));
			meant.forEach((name) -> exchange.getResponseHeaders().set(name, "of-the-service"));
			Upstream.answer(exchange, 200, "x");
		});
		HttpResponse<String> response = send(request("/api/v1/orders", CUSTOMER));
		assertThat(own).allSatisfy(
				(name) -> assertThat(response.headers().allValues(name)).as(name).doesNotContain("of-the-service"));
		assertThat(meant).allSatisfy(
				(name) -> assertThat(response.headers().allValues(name)).as(name).containsExactly("of-the-service"));
	}

}
