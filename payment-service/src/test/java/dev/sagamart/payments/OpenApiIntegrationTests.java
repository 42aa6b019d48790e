package dev.sagamart.payments;

import dev.sagamart.platform.test.OpenApiTable;
import dev.sagamart.platform.test.contract.ServedDocuments;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiIntegrationTests extends PaymentServiceTest {

	@Test
	void saysOfEachOperationWithWhatItAnswers() {
		assertThat(OpenApiTable.of(this.api)).contains("GET /api/v1/payments: 200 400 401 403 406",
				"GET /api/v1/payments/{id}: 200 400 401 403 404 406",
				"GET /api/v1/payments/{id}/refunds: 200 400 401 403 404 406",
				"POST /api/v1/payments/{id}/refunds: 201 400 401 403 404 406 409 413 415 422",
				"GET /api/v1/payments/reconciliation: 200 400 401 403 406");
	}

	@Test
	void documentsAreAsCommitted() {
		ServedDocuments.requireCommitted(this.api, "payments");
	}

}
