package dev.sagamart.orders;

import dev.sagamart.platform.test.OpenApiTable;
import dev.sagamart.platform.test.contract.ServedDocuments;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiIntegrationTests extends OrderServiceTest {

	@Test
	void saysWhatAnAddressIs() {
		JsonNode address = JsonMapper.shared()
			.readTree(this.client.get()
				.uri("/openapi.json")
				.exchange()
				.expectBody(String.class)
				.returnResult()
				.getResponseBody())
			.path("components")
			.path("schemas")
			.path("PostalAddress");
		assertThat(address.path("required").toString()).isEqualTo("[\"city\",\"country\",\"line1\",\"recipient\"]");
		assertThat(address.path("properties").path("postalCode").path("type").toString()).contains("null");
		assertThat(address.path("properties").path("recipient").path("pattern").asString()).contains("{1,100}");
	}

	@Test
	void saysOfEachOperationWithWhatItAnswers() {
		assertThat(OpenApiTable.of(this.client)).contains("GET /api/v1/cart: 200 401 403 406",
				"PUT /api/v1/cart/items/{productId}: 200 400 401 403 406 413 415 422",
				"POST /api/v1/orders: 201 400 401 403 406 409 413 415 422 429",
				"GET /api/v1/orders: 200 400 401 403 406", "GET /api/v1/orders/{id}: 200 400 401 403 404 406",
				"GET /api/v1/orders/{id}/events: 200 204 400 401 403 404 406",
				"POST /api/v1/orders/{id}/cancellation: 202 400 401 403 404 406 409",
				"POST /api/v1/operations/sagas/{orderId}/retry: 202 400 401 403 404 409",
				"POST /api/v1/operations/order/dead-letters/{id}/replay: 204 400 401 403 404 409");
	}

	@Test
	void documentsAreAsCommitted() {
		ServedDocuments.requireCommitted(this.client, "orders");
	}

}
