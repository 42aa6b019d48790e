package dev.sagamart.gateway.documentation;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.WithTestServers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@WithTestServers
@TestPropertySource(properties = "spring.datasource.hikari.connection-timeout=1500")
class DocumentationIntegrationTests extends GatewayTest {

	@ParameterizedTest
	@CsvSource({ "openapi, users", "openapi, products", "openapi, orders", "asyncapi, users", "asyncapi, orders" })
	void servesTheDocumentsOfServices(String form, String service) {
		Upstream upstream = Map.of("users", USERS, "products", PRODUCTS, "orders", ORDERS).get(service);
		upstream.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.getResponseHeaders().set("Cache-Control", "no-store");
			Upstream.answer(exchange, 200, "{}");
		});
		HttpResponse<String> response = send(request("/" + form + "/" + service + ".json"));
		assertThat(response.body()).isEqualTo("{}");
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("max-age=60");
		assertThat(upstream.last().path()).isEqualTo("/" + form + ".json");
	}

	@ParameterizedTest
	@CsvSource({ "/docs/, text/html, swagger-initializer.js", "/docs/index.html, text/html, swagger-initializer.js",
			"/docs/swagger-initializer.js, text/javascript, sagamart-web",
			"/docs/swagger-ui-bundle.js, text/javascript, SwaggerUIBundle",
			"/docs/swagger-ui.css, text/css, .swagger-ui", "/docs/oauth2-redirect.html, text/html, oauth2-redirect.js",
			"/docs/oauth2-redirect.js, text/javascript, opener", "/docs/messages, text/html, messages.js",
			"/docs/messages.js, text/javascript, \"orders\"", "/docs/messages.css, text/css, summary",
			"/openapi/gateway.json, application/json, listAudit" })
	void servesThePagesWithAllTheirResources(String path, String type, String content) {
		HttpResponse<String> response = send(request(path));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
		assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).startsWith("max-age=");
		assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
			.startsWith("default-src 'none'")
			.doesNotContain("http")
			.doesNotContainPattern("unsafe(?!-hashes' 'sha256-)");
		assertThat(response.body()).contains(content);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/docs/", "/docs/messages" })
	void loadsOnlyResourcesOfItsOwnOrigin(String path) {
		String page = send(request(path)).body();
		assertThat(page).doesNotContain("http://", "https://", "<style", "style=", "onload=")
			.doesNotContainPattern("<script[^>]*>[^<]*\\S[^<]*</script>");
	}

	@Test
	void redirectsToThePage() {
		HttpResponse<String> response = send(request("/docs"));
		assertThat(response.statusCode()).isEqualTo(308);
		assertThat(response.headers().firstValue("Location")).hasValue("/docs/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/docs/none.js", "/docs/META-INF/MANIFEST.MF", "/openapi/none.json", "/openapi",
			"/asyncapi/none.json", "/asyncapi/gateway.json", "/asyncapi", "/openapi.json",
			"/webjars/swagger-ui/index.html" })
	void servesNothingElse(String path) {
		assertThat(send(request(path)).statusCode()).isEqualTo(404);
	}

	/** Triggers every documented response and compares it with its schema. */
	@Test
	void describesTheResponsesOfTheGateway() throws SQLException {
		JsonNode document = json(send(request("/openapi/gateway.json")));
		JsonNode operation = document.at("/paths/~1api~1v1~1operations~1audit/get");
		Awaitility.await().until(() -> {
			HttpResponse<String> page = send(request("/api/v1/operations/audit", ADMIN));
			return page.statusCode() == 200 && !json(page).get("items").isEmpty();
		});
		Map<Integer, HttpResponse<String>> answers = new TreeMap<>();
		Stream
			.of(request("/api/v1/operations/audit?pageSize=1", ADMIN),
					request("/api/v1/operations/audit?pageSize=x", ADMIN), request("/api/v1/operations/audit"),
					request("/api/v1/operations/audit", CUSTOMER),
					request("/api/v1/operations/audit", ADMIN).header("Accept", "text/html"))
			.map((HttpRequest.Builder request) -> send(request))
			.forEach((response) -> answers.put(response.statusCode(), response));
		try (Connection other = TestServers.postgres().connectAsSuperuser();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("lock table gateway.audit_entry");
			HttpResponse<String> response = send(request("/api/v1/operations/audit", ADMIN));
			answers.put(response.statusCode(), response);
		}
		assertThat(operation.get("responses").propertyNames())
			.containsExactlyInAnyOrderElementsOf(answers.keySet().stream().map(String::valueOf).toList());
		answers.forEach((status, response) -> {
			JsonNode content = resolved(document, operation.get("responses").get(String.valueOf(status)))
				.get("content");
			String type = response.headers().firstValue("Content-Type").orElseThrow();
			assertThat(content.propertyNames()).containsExactly(type);
			assertMatches(document, content.get(type).get("schema"), json(response), "answer " + status);
		});
		assertThat(json(answers.get(200)).get("items")).hasSize(1);
	}

	private static JsonNode resolved(JsonNode document, JsonNode node) {
		return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
	}

	private static void assertMatches(JsonNode document, JsonNode reference, JsonNode value, String where) {
		JsonNode schema = resolved(document, reference);
		JsonNode type = schema.get("type");
		List<String> types = type.isArray() ? type.valueStream().map(JsonNode::stringValue).toList()
				: List.of(type.stringValue());
		assertThat(types).as(where).contains(typeOf(value));
		if (value.isObject()) {
			assertThat(value.propertyNames()).as(where)
				.containsExactlyInAnyOrderElementsOf(
						schema.get("required").valueStream().map(JsonNode::stringValue).toList());
			value.forEachEntry((name, member) -> assertMatches(document, schema.get("properties").get(name), member,
					where + "." + name));
		}
		else if (value.isArray()) {
			value.forEach((item) -> assertMatches(document, schema.get("items"), item, where + "[]"));
		}
		else if (schema.has("pattern")) {
			assertThat(value.stringValue()).as(where).matches(schema.get("pattern").stringValue());
		}
		else if (value.isString() && schema.has("format")) {
			Object read = schema.get("format").stringValue().equals("uuid") ? UUID.fromString(value.stringValue())
					: Instant.parse(value.stringValue());
			assertThat(read).as(where).isNotNull();
		}
	}

	private static String typeOf(JsonNode value) {
		return switch (value.getNodeType()) {
			case OBJECT -> "object";
			case ARRAY -> "array";
			case STRING -> "string";
			case NUMBER -> "integer";
			case NULL -> "null";
			default -> value.getNodeType().name();
		};
	}

}
