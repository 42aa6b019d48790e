package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.GatewayTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

class RoutesIntegrationTests extends GatewayTest {

	@Autowired
	private DeclaredServices services;

	@ParameterizedTest
	@CsvSource({ "/api/v1/users, users", "/api/v1/users/me/addresses, users", "/api/v1/users/me/second-factor, users",
			"/api/v1/users/1/second-factor, users", "/api/v1/email-confirmations, users",
			"/api/v1/password-resets, users", "/api/v1/password-resets/token, users", "/api/v1/sessions, users",
			"/api/v1/sessions/current, users", "/oauth2/jwks, users", "/.well-known/openid-configuration, users",
			"/api/v1/products?q=a%20b&category=books, products", "/api/v1/products/1/recommendations, products",
			"/api/v1/categories, products", "/api/v1/cart, orders", "/api/v1/cart/items/1, orders",
			"/api/v1/orders, orders", "/api/v1/orders/1/timeline, orders",
			"/api/v1/operations/sagas?stuck=true, orders", "/api/v1/operations/sagas/1/retry, orders",
			"/api/v1/operations/user/dead-letters, users", "/api/v1/operations/product/dead-letters/1, products",
			"/api/v1/operations/order/dead-letters/1/replay, orders" })
	void leadToTheServiceWithPathAndQueryUnchanged(String path, String service) {
		HttpResponse<String> response = send(request(path, ADMIN));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(service);
		assertThat(List.of(USERS, PRODUCTS, ORDERS)).flatMap((upstream) -> upstream.seen())
			.singleElement()
			.satisfies((seen) -> assertThat(seen.path()).isEqualTo(path))
			.satisfies((seen) -> assertThat(seen.header("authorization")).containsExactly("Bearer " + ADMIN));
	}

	@ParameterizedTest
	@CsvSource({ "POST, users-passwords", "DELETE, users-passwords", "GET, users" })
	void separatePasswordHashing(String method, String route) {
		double before = requestsOn(route);
		send(request("/api/v1/users/me/second-factor", CUSTOMER).method(method, HttpRequest.BodyPublishers.noBody()));
		assertThat(requestsOn(route)).isEqualTo(before + 1);
	}

	private double requestsOn(String route) {
		return scraped().lines()
			.filter((line) -> line.startsWith("spring_cloud_gateway_requests_seconds_count")
					&& line.contains("routeId=\"" + route + "\""))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	@Test
	void forwardBodiesAndResponses() {
		ORDERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Location", "/api/v1/orders/7");
			exchange.getResponseHeaders().set("ETag", "\"3\"");
			exchange.sendResponseHeaders(201, -1);
		});
		HttpResponse<String> response = send(
				request("/api/v1/orders", CUSTOMER).POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}"))
					.header("Content-Type", "application/json")
					.header("Idempotency-Key", "k-1"));
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(response.headers().firstValue("Location")).hasValue("/api/v1/orders/7");
		assertThat(response.headers().firstValue("ETag")).hasValue("\"3\"");
		assertThat(ORDERS.last().bodyLength()).isEqualTo(7);
		assertThat(ORDERS.last().header("idempotency-key")).containsExactly("k-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/api", "/api/v1", "/api/v2/users", "/api/v1/usersx", "/api/v1/operations",
			"/api/v1/categories/x", "/actuator", "/actuator/health", "/actuator/prometheus", "/%61ctuator/health",
			"/actuator/gateway/routes", "/favicon.ico", "/internal" })
	void leadNowhereElse(String path) {
		HttpResponse<String> response = send(request(path, ADMIN));
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(response).get("code").stringValue()).isEqualTo("NOT_FOUND");
		assertThat(json(response).get("instance").stringValue()).isEqualTo(path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/users/../../../actuator/health", "/api/v1/users/%2e%2e/%2e%2e/actuator",
			"/api/v1/users/..%2f..%2factuator", "/api/v1/users/..;/actuator", "//actuator/health", "/./actuator/health",
			"/api/v1/users/%5c..%5cactuator", "/api/v1/users/%252e%252e/actuator", "/api/v1/users/a%00b",
			"/api/v1/users/;x=y" })
	void refuseAmbiguousPaths(String path) throws IOException {
		String answer = sendRaw("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ADMIN
				+ "\r\nConnection: close\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 400 ")
			.contains("\"code\":\"BAD_REQUEST\"")
			.contains("X-Correlation-Id");
		assertThat(USERS.seen()).isEmpty();
	}

	@Test
	void refuseUnknownMethods() throws IOException {
		assertThat(sendRaw("BREW /api/v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
			.startsWith("HTTP/1.1 405 ")
			.contains("METHOD_NOT_ALLOWED");
		assertThat(sendRaw("TRACE /api/v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
			.startsWith("HTTP/1.1 405 ");
		assertThat(PRODUCTS.seen()).isEmpty();
	}

	@Test
	void doNotTunnelWebSockets() throws IOException {
		String answer = sendRaw(
				"GET /api/v1/products HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
						+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
						+ "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("101 Switching");
		assertThat(PRODUCTS.last().header("upgrade")).isEmpty();
	}

	/**
	 * The public paths are repeated here, because it is easy to declare one by mistake.
	 */
	@Test
	void needATokenUnlessTheyArePublic() {
		List<String> open = List.of("/api/v1/products", "/api/v1/products/1", "/api/v1/products/1/recommendations",
				"/api/v1/products/1/image", "/api/v1/categories", "/login", "/login/x", "/oauth2/authorize",
				"/oauth2/jwks", "/oauth2/revoked-tokens", "/.well-known/openid-configuration",
				"/.well-known/oauth-authorization-server");
		List<String> toSendTo = List.of("/oauth2/token", "/oauth2/revoke");
		List<String> paths = this.services.paths()
			.map((declared) -> declared.path().replaceAll("[{][^}]*[}]+", "1").replace("**", "1/x").replace("*", "x"))
			.toList();
		assertThat(paths).hasSizeGreaterThan(20).containsAll(open).containsAll(toSendTo);
		for (String path : paths) {
			int expected = open.contains(path) ? 200 : toSendTo.contains(path) ? 405 : 401;
			assertThat(send(request(path)).statusCode()).as(path).isEqualTo(expected);
		}
	}

	@Test
	void managementHasItsOwnPort() {
		for (String path : List.of("/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus",
				"/actuator/info")) {
			assertThat(send(management(path)).statusCode()).as(path).isEqualTo(200);
		}
		assertThat(send(management("/actuator/prometheus")).body()).contains("jvm_memory_used_bytes");
		assertThat(send(management("/actuator/env")).statusCode()).isEqualTo(404);
		assertThat(send(management("/actuator/gateway/routes")).statusCode()).isEqualTo(404);
		assertThat(send(management("/api/v1/products")).statusCode()).isEqualTo(404);
	}

}
