package dev.sagamart.gateway.security;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class CorsIntegrationTests {

	private static final String SHOP = "https://shop.example";

	@Nested
	class Closed extends GatewayTest {

		@Test
		void refusesPreflights() throws IOException {
			String answer = sendRaw(preflight(SHOP, "POST", "authorization"));
			assertThat(answer).startsWith("HTTP/1.1 403 ")
				.contains("application/problem+json", "\"code\":\"ORIGIN_NOT_ALLOWED\"")
				.doesNotContainIgnoringCase("Access-Control-Allow");
			assertThat(ORDERS.seen()).isEmpty();
		}

		@Test
		void removesCorsHeadersOfServices() throws IOException {
			PRODUCTS.answers((exchange) -> {
				exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
				Upstream.answer(exchange, 200, "x");
			});
			assertThat(sendRaw(get(SHOP))).startsWith("HTTP/1.1 200 ")
				.doesNotContainIgnoringCase("Access-Control-Allow");
		}

	}

	@Nested
	@TestPropertySource(properties = "sagamart.gateway.cors.allowed-origins=" + SHOP)
	class Open extends GatewayTest {

		@Test
		void acceptsPreflights() throws IOException {
			String answer = sendRaw(preflight(SHOP, "POST", "authorization, content-type, idempotency-key"));
			assertThat(answer).startsWith("HTTP/1.1 200 ")
				.containsIgnoringCase("Access-Control-Allow-Origin: " + SHOP + "\r\n")
				.containsIgnoringCase("Access-Control-Allow-Methods: GET,HEAD,POST,PUT,DELETE\r\n")
				.containsIgnoringCase("Access-Control-Allow-Headers: authorization, content-type, idempotency-key\r\n")
				.doesNotContainIgnoringCase("Access-Control-Allow-Credentials");
			assertThat(ORDERS.seen()).isEmpty();
		}

		@Test
		void refusesOriginsMethodsAndHeadersThatAreNotConfigured() throws IOException {
			for (String origin : List.of("https://evil.example", "https://shop.example.evil.example", "null",
					"http://shop.example", "https://SHOP.example:444")) {
				assertThat(sendRaw(preflight(origin, "POST", "authorization"))).as(origin)
					.startsWith("HTTP/1.1 403 ")
					.contains("ORIGIN_NOT_ALLOWED")
					.doesNotContainIgnoringCase("Access-Control-Allow");
				assertThat(sendRaw(get(origin))).as(origin)
					.startsWith("HTTP/1.1 200 ")
					.doesNotContainIgnoringCase("Access-Control-Allow");
			}
			assertThat(sendRaw(preflight(SHOP, "PATCH", "authorization"))).startsWith("HTTP/1.1 403 ");
			assertThat(sendRaw(preflight(SHOP, "POST", "x-user-id"))).startsWith("HTTP/1.1 403 ");
			assertThat(ORDERS.seen()).isEmpty();
		}

		@Test
		void exposesTheHeadersOfTheContract() throws IOException {
			assertThat(sendRaw(get(SHOP))).startsWith("HTTP/1.1 200 ")
				.containsIgnoringCase("Access-Control-Allow-Origin: " + SHOP + "\r\n")
				.contains("Location", "ETag", "Retry-After", "RateLimit-Remaining", "Idempotent-Replayed",
						"X-Correlation-Id")
				.containsIgnoringCase("Vary: Origin")
				.doesNotContainIgnoringCase("Access-Control-Allow-Credentials");
		}

		/** Our login page sends no referrer, so its origin is {@code null}. */
		@Test
		void permitsOurOwnPages() throws IOException {
			assertThat(sendRaw("POST /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: null\r\n"
					+ "Content-Length: 0\r\n\r\n"))
				.startsWith("HTTP/1.1 200 ");
			assertThat(USERS.last().header("origin")).isEmpty();
		}

		@Test
		void doesNotAffectOtherClients() {
			assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
		}

	}

	private static String preflight(String origin, String method, String headers) {
		return "OPTIONS /api/v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: " + origin
				+ "\r\nAccess-Control-Request-Method: " + method + "\r\nAccess-Control-Request-Headers: " + headers
				+ "\r\n\r\n";
	}

	private static String get(String origin) {
		return "GET /api/v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: " + origin + "\r\n\r\n";
	}

}
