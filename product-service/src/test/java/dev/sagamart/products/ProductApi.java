package dev.sagamart.products;

import dev.sagamart.platform.test.TestTokens;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of the HTTP API of product-service. */
public final class ProductApi {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final RestTestClient client;

	private final TestTokens tokens;

	public ProductApi(RestTestClient client, TestTokens tokens) {
		this.client = client;
		this.tokens = tokens;
	}

	public record Answer(int status, Map<String, String> headers, String body) {

		public JsonNode json() {
			return JSON.readTree(this.body);
		}

		public Answer expect(int expected) {
			assertThat(this.status).as(this.body).isEqualTo(expected);
			return this;
		}

		/** Requires a problem details response with that code. */
		public Answer expect(int expected, String code) {
			expect(expected);
			assertThat(this.headers.get("content-type")).startsWith("application/problem+json");
			assertThat(json().path("code").asString()).isEqualTo(code);
			assertThat(json().path("correlationId").asString()).isNotEmpty();
			return this;
		}

		public UUID id() {
			return UUID.fromString(json().path("id").asString());
		}

	}

	public Answer get(String uri, String... headers) {
		return call(HttpMethod.GET, uri, null, null, headers);
	}

	public Answer getAsAdmin(String uri) {
		return call(HttpMethod.GET, uri, admin(), null);
	}

	public Answer post(String uri, Object body) {
		return call(HttpMethod.POST, uri, admin(), body);
	}

	public Answer put(UUID id, Object body, String... headers) {
		return call(HttpMethod.PUT, "/api/v1/products/" + id, admin(), body, headers);
	}

	public Answer delete(UUID id, String... headers) {
		return call(HttpMethod.DELETE, "/api/v1/products/" + id, admin(), null, headers);
	}

	/** Creates a product with a new SKU. */
	public UUID product(String name, String category, long price, long stock) {
		return post("/api/v1/products", body(name, category, price, stock)).expect(201).id();
	}

	public UUID product(long price, long stock) {
		return product("Product", "things", price, stock);
	}

	public static Map<String, Object> body(String name, String category, long price, long stock) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("sku", "SKU-" + UUID.randomUUID());
		body.put("name", name);
		body.put("description", "About " + name);
		body.put("category", category);
		body.put("price", Map.of("amount", price, "currency", "EUR"));
		body.put("initialStock", stock);
		return body;
	}

	/** The request body that leaves a product unchanged. */
	public Map<String, Object> bodyOf(UUID id) {
		JsonNode product = get("/api/v1/products/" + id).expect(200).json();
		Map<String, Object> body = new HashMap<>();
		for (String field : List.of("sku", "name", "description", "category")) {
			body.put(field, product.path(field).asString());
		}
		body.put("price", Map.of("amount", product.path("price").path("amount").asLong(), "currency",
				product.path("price").path("currency").asString()));
		return body;
	}

	/** The units on hand, reserved, available and sold, in this order. */
	public List<Long> stock(UUID id) {
		JsonNode stock = getAsAdmin("/api/v1/products/" + id + "/stock").expect(200).json();
		return List.of(stock.path("onHand").asLong(), stock.path("reserved").asLong(), stock.path("available").asLong(),
				stock.path("sold").asLong());
	}

	public Answer adjust(UUID id, long delta) {
		return post("/api/v1/products/" + id + "/stock-adjustments", Map.of("delta", delta, "reason", "counted"));
	}

	public String admin() {
		return this.tokens.admin(UUID.randomUUID());
	}

	public String customer() {
		return this.tokens.customer(UUID.randomUUID());
	}

	public Answer call(HttpMethod method, String uri, String token, Object body, String... headers) {
		RestTestClient.RequestBodySpec request = this.client.method(method).uri(java.net.URI.create(uri));
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		if (body != null) {
			request.header("Content-Type", "application/json");
			request.body((body instanceof String text) ? text : JSON.writeValueAsString(body));
		}
		var result = request.exchange().returnResult(new ParameterizedTypeReference<String>() {
		});
		Map<String, String> answered = new HashMap<>();
		result.getResponseHeaders().forEach((name, values) -> answered.put(name.toLowerCase(), values.getFirst()));
		String text = result.getResponseBody();
		return new Answer(result.getStatus().value(), answered, (text != null) ? text : "");
	}

}
