package dev.sagamart.products;

import dev.sagamart.platform.test.OpenApiTable;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.contract.ServedDocuments;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@PlatformTest
class OpenApiIntegrationTests {

	@Autowired
	RestTestClient client;

	@Test
	void saysOfEachOperationWithWhatItAnswers() {
		assertThat(OpenApiTable.of(this.client)).contains("GET /api/v1/products: 200 304 400 406",
				"GET /api/v1/products/{id}: 200 304 400 404 406",
				"GET /api/v1/products/{id}/recommendations: 200 304 400 406",
				"PUT /api/v1/products/{id}: 200 400 401 403 404 406 409 412 413 415 422",
				"DELETE /api/v1/products/{id}: 204 400 401 403 404 412",
				"POST /api/v1/products/{id}/stock-adjustments: 201 400 401 403 404 406 409 413 415 422",
				"POST /api/v1/products/{id}/restoration: 200 400 401 403 404 406 409 412",
				"GET /api/v1/products/{id}/image: 200 304 400 404 406", "GET /api/v1/categories: 200 304 400 406");
	}

	@Test
	void documentsAreAsCommitted() {
		ServedDocuments.requireCommitted(this.client, "products");
	}

}
