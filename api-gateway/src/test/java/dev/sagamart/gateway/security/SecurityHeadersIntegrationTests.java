package dev.sagamart.gateway.security;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SecurityHeadersIntegrationTests extends GatewayTest {

	private static final Map<String, String> EXPECTED = Map.of("X-Content-Type-Options", "nosniff", "X-Frame-Options",
			"DENY", "Referrer-Policy", "no-referrer", "Cross-Origin-Opener-Policy", "same-origin",
			"Cross-Origin-Resource-Policy", "same-origin", "Cache-Control", "private, no-store",
			"Content-Security-Policy",
			"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

	@ParameterizedTest
	@CsvSource({ "/api/v1/products, 200", "/nothing, 404", "/api/v1/cart, 401", "/api/v1/users/%2e%2e/x, 400" })
	void areOnEveryResponse(String path, int status) {
		HttpResponse<String> response = send(request(path));
		assertThat(response.statusCode()).isEqualTo(status);
		assertExpected(response);
	}

	@Test
	void replaceThoseOfServices() {
		PRODUCTS.answers((exchange) -> {
			EXPECTED.keySet()
				.stream()
				.filter((name) -> !List.of("Cache-Control", "Content-Security-Policy").contains(name))
				.forEach((name) -> exchange.getResponseHeaders().set(name, "of-the-service"));
			exchange.getResponseHeaders().set("X-XSS-Protection", "0");
			exchange.getResponseHeaders().set("Server", "of-the-service");
			Upstream.answer(exchange, 200, "x");
		});
		assertExpected(send(request("/api/v1/products")));
	}

	@Test
	void keepThePoliciesThatServicesMayOverride() {
		USERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Security-Policy", "style-src 'self'");
			exchange.getResponseHeaders().set("Cache-Control", "max-age=60");
			Upstream.answer(exchange, 200, "x");
		});
		HttpResponse<String> response = send(request("/oauth2/jwks"));
		assertThat(response.headers().allValues("Content-Security-Policy")).containsExactly("style-src 'self'");
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("max-age=60");
	}

	@Test
	void permitCachingOfTheCatalogue() {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Cache-Control", "no-cache");
			exchange.getResponseHeaders().set("ETag", "\"7.low\"");
			if (exchange.getRequestHeaders().getFirst("If-None-Match") != null) {
				exchange.sendResponseHeaders(304, -1);
			}
			else {
				Upstream.answer(exchange, 200, "x");
			}
		});
		HttpResponse<String> stored = send(request("/api/v1/products/1"));
		HttpResponse<String> same = send(request("/api/v1/products/1").header("If-None-Match", "W/\"1\", \"7.low\""));
		assertThat(same.statusCode()).isEqualTo(304);
		for (HttpResponse<String> response : List.of(stored, same)) {
			assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-cache");
			assertThat(response.headers().allValues("ETag")).containsExactly("\"7.low\"");
			assertThat(response.headers().map()).doesNotContainKeys("pragma", "expires");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "200|no-cache, no-store, max-age=0, must-revalidate", "200|no-store",
			"404|max-age=60", "404|no-cache", "500|public, max-age=60" })
	void preventCachingOfErrorsAndPrivateResponses(int status, String caching) {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Cache-Control", caching);
			exchange.getResponseHeaders().set("Pragma", "no-cache");
			exchange.getResponseHeaders().set("Expires", "0");
			Upstream.answer(exchange, status, "x");
		});
		HttpResponse<String> response = send(request("/api/v1/products/1"));
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("private, no-store");
		assertThat(response.headers().map()).doesNotContainKeys("pragma", "expires");
	}

	@Test
	void addNoCachingHeadersToNotModified() {
		PRODUCTS.answers((exchange) -> exchange.sendResponseHeaders(304, -1));
		HttpResponse<String> response = send(request("/api/v1/products/1"));
		assertThat(response.statusCode()).isEqualTo(304);
		assertThat(response.headers().firstValue("Cache-Control")).isEmpty();
	}

	@Test
	void areOnResponsesToUndecodableRequests() throws IOException {
		assertThat(sendRaw("nonsense\r\n\r\n")).containsIgnoringCase("X-Content-Type-Options: nosniff")
			.containsIgnoringCase("Content-Security-Policy: default-src 'none'")
			.containsIgnoringCase("Cache-Control: private, no-store")
			.doesNotContainIgnoringCase("\r\nServer:");
	}

	private static void assertExpected(HttpResponse<String> response) {
		EXPECTED
			.forEach((name, value) -> assertThat(response.headers().allValues(name)).as(name).containsExactly(value));
		assertThat(response.headers().map().keySet()).doesNotContain("server", "x-powered-by", "x-xss-protection",
				"strict-transport-security");
	}

}
