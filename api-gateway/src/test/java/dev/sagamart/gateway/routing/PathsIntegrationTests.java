package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.GatewayTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PathsIntegrationTests extends GatewayTest {

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/", "/actuator/health", "/ACTUATOR/health", "/Actuator",
			"/actuator.", "/actuator./health", "/actuator%20", "/actuator.json", "/%61ctuator/env",
			"/%61%63tuator/prometheus", "/actuator/gateway/routes", "/actuator/refresh", "/%2561ctuator",
			"/actuator%23", "/actuator%3f", "/internal", "/internal/health", "/h2-console", "/admin", "/server-status",
			"/.git/config", "/.env", "/.well-known/../actuator", "/api/v1/../actuator", "/api/v1/../../actuator/health",
			"/api/v1/products/../../../actuator", "/api/v1/products/%2e%2e/%2e%2e/actuator",
			"/api/v1/products/%2E%2E/actuator", "/api/v1/products/.%2e/actuator", "/api/v1/products/..%2factuator",
			"/api/v1/products/%2f..%2factuator", "/api/v1/products%2factuator", "/api/v1/products/..;/actuator",
			"/api/v1/products/;/../actuator", "/api/v1/products;/actuator", "/;/actuator/health",
			"/actuator;a=b/health", "//actuator/health", "///actuator", "/api//v1/products", "/./actuator",
			"/api/v1/products/\\..\\actuator", "/api/v1/products/%5c..%5cactuator", "\\actuator",
			"/api/v1/products/%252e%252e/actuator", "/api/v1/products/%25252e",
			"/api/v1/products/%c0%ae%c0%ae/actuator", "/api/v1/products/%c0%af..%c0%afactuator",
			"/api/v1/products/%e0%80%ae", "/api/v1/products/%00", "/api/v1/products/x%00.json",
			"/api/v1/products/%0d%0aX-Injected:1", "/api/v1/products/%u002e", "/api/v1/products/%zz",
			"/api/v1/products/%", "/api/v1/products/%2", "/api/v1/operations/../products",
			"/api/v1/operations/%2e%2e/products", "/api/v1/OPERATIONS/sagas", "/API/v1/products", "/api/v1/Products",
			"/api/v1/operations/consistency", "/api/v1/operations/users/dead-letters", "/metrics", "/prometheus",
			"/health", "/error", "/v3/api-docs", "/openapi.json", "/swagger-ui.html", "/webjars/", "/docs/../actuator",
			"/docs/%2e%2e/application.yml", "/docs/..%2fapplication.yml" })
	void areRefusedInEveryEncoding(String path) throws IOException {
		refusedWith("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ADMIN, 400, 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.1:9080/actuator/health", "http://evil.example/actuator",
			"//evil.example/api/v1/products", "evil.example:80", "https://evil.example:443/%2e%2e/actuator",
			"file:///etc/passwd", "http:///actuator", "?/actuator", "*" })
	void areTheOnlyRelevantPartOfARequestTarget(String target) throws IOException {
		refusedWith("GET " + target + " HTTP/1.1\r\nHost: x", 400, 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1:9080", "localhost:8081", "evil.example", "x/../actuator", "x@evil.example",
			"actuator" })
	void areNotChangedByTheHost(String host) throws IOException {
		refusedWith("GET /actuator HTTP/1.1\r\nHost: " + host, 400, 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRACE", "TRACK", "CONNECT", "PROPFIND", "BREW", "get", "PATCHY" })
	void refuseUnknownMethods(String method) throws IOException {
		refusedWith(method + " /api/v1/products HTTP/1.1\r\nHost: x", 405);
	}

	@ParameterizedTest
	@CsvSource({ "CONNECT 127.0.0.1:9080, 400, 405", "OPTIONS *, 400, 404" })
	void doNotMakeTheGatewayAForwardProxy(String requestLine, int status, int or) throws IOException {
		refusedWith(requestLine + " HTTP/1.1\r\nHost: x", status, or);
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method" })
	void ignoreMethodOverrides(String header) throws IOException {
		String answer = sendRaw("POST /api/v1/sessions?_method=DELETE HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
				+ "Connection: close\r\n" + header + ": DELETE\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ");
		assertThat(USERS.last().method()).isEqualTo("POST");
		assertThat(USERS.last().headers()).doesNotContainKey(header.toLowerCase());
	}

	private void refusedWith(String head, Integer... statuses) throws IOException {
		String answer = sendRaw(head + "\r\nConnection: close\r\n\r\n");
		assertThat(answer).matches("(?s)HTTP/1\\.1 \\d{3} .*");
		assertThat(Integer.valueOf(answer.substring(9, 12))).as(answer).isIn(List.of(statuses));
		assertThat(answer).contains("application/problem+json", "\"code\":", "nosniff")
			.doesNotContain("X-Injected: 1", "Exception");
		assertThat(List.of(USERS, PRODUCTS, ORDERS)).allSatisfy((service) -> assertThat(service.seen()).isEmpty());
	}

}
