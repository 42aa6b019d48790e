package dev.sagamart.users;

import dev.sagamart.platform.test.OpenApiTable;
import dev.sagamart.platform.test.contract.ServedDocuments;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiIntegrationTests extends UsersTest {

	@Autowired
	RestTestClient client;

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
		assertThat(OpenApiTable.of(this.client))
			.contains("POST /api/v1/users: 201 400 406 409 413 415 422 429", "GET /api/v1/users: 200 400 401 403 406",
					"GET /api/v1/users/me: 200 401 403 406", "DELETE /api/v1/users/me: 204 401 403 409",
					"POST /api/v1/sessions: 201 400 401 406 413 415 422 429",
					"POST /api/v1/sessions/refresh: 200 400 401 406 413 415 422",
					"DELETE /api/v1/sessions/current: 204 400 401 403 413 415 422",
					"PUT /api/v1/users/me: 200 400 401 403 406 413 415 422",
					"PUT /api/v1/users/me/email: 202 400 401 403 413 415 422 429",
					"GET /api/v1/users/me/second-factor: 200 401 403 406",
					"POST /api/v1/users/me/second-factor: 201 400 401 403 406 409 413 415 422 429",
					"PUT /api/v1/users/me/second-factor: 200 400 401 403 406 413 415 422 429",
					"DELETE /api/v1/users/me/second-factor: 204 400 401 403 404 413 422 429",
					"DELETE /api/v1/users/{id}/second-factor: 204 400 401 403 404",
					"POST /api/v1/email-confirmations: 204 400 404 409 413 415 422",
					"POST /api/v1/password-resets: 202 400 413 415 422",
					"PUT /api/v1/password-resets/{token}: 204 400 404 413 415 422",
					"PUT /api/v1/users/{id}/roles: 200 400 401 403 404 406 409 413 415 422",
					"POST /api/v1/operations/user/signing-keys/rotation: 202 401 403 406",
					"GET /userinfo: 200 401 403 406", "POST /userinfo: 200 401 403 406")
			.noneMatch((operation) -> operation.contains("/login"));
	}

	@Test
	void documentsAreAsCommitted() {
		ServedDocuments.requireCommitted(this.client, "users");
	}

}
