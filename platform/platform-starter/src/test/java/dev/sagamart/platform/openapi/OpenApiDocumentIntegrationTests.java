package dev.sagamart.platform.openapi;

import dev.sagamart.platform.sample.SampleTest;
import dev.sagamart.platform.test.TestTokens;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springdoc.core.providers.SpringDocProviders;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class OpenApiDocumentIntegrationTests {

	@Autowired
	RestTestClient client;

	@Test
	void anyoneMayReadTheDocument() {
		EntityExchangeResult<byte[]> result = this.client.get()
			.uri("/openapi.json")
			.header("Host", "evil.example")
			.header("Accept-Language", "de")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectBody()
			.returnResult();
		JsonNode document = JsonMapper.shared().readTree(result.getResponseBody());
		assertThat(document.at("/openapi").asString()).startsWith("3.1");
		assertThat(document.at("/info/title").asString()).isEqualTo("sample-service");
		assertThat(document.at("/info/version").asString()).isEqualTo("v1");
		assertThat(document.at("/servers").toString()).contains("\"/\"").doesNotContain("evil");
		assertThat(document.at("/x-common-responses").propertyNames()).contains("400", "401", "429", "431", "503");
		this.client.head().uri("/openapi.json").exchange().expectStatus().isOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/openapi.json.yaml", "/openapi.yaml", "/openapi.json/swagger-config", "/v3/api-docs",
			"/swagger-ui.html" })
	void nothingElseOfTheLibraryIsThere(String path) {
		this.client.get()
			.uri(path)
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + TestTokens.shared().customer(UUID.randomUUID()))
			.exchange()
			.expectStatus()
			.isNotFound();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "post /open/things|201 400 406 413 415 422", "get /open/things|200 400 406",
					"get /open/things/{id}|200 400 404 406", "get /open/search|200 400 406 422",
					"get /open/maybe|200 406", "get /me|200 401 403 406", "get /admin/report|200 401 403 406",
					"post /orders|201 400 401 403 406 409 413 415 422",
					"put /open/things/{id}|204 400 404 412 413 415 422", "post /open/read|200 400 406" })
	void anOperationSaysWithWhatItAnswers(String operation, String statuses) {
		assertThat(operation(operation).get("responses").propertyNames())
			.containsExactlyInAnyOrder(statuses.split(" "));
	}

	@Test
	void accessIsWhatTheRulesSay() {
		assertThat(operation("get /open/things").has("security")).isFalse();
		assertThat(operation("get /me").get("security")).hasToString("[{\"bearer\":[]}]");
		assertThat(operation("get /admin/report").get("security")).hasToString("[{\"bearer\":[\"ADMIN\"]}]");
	}

	@Test
	void errorsAreProblemDetails() {
		JsonNode answer = operation("get /me").at("/responses/401/content/application~1problem+json/schema");
		assertThat(answer.get("$ref").asString()).isEqualTo("#/components/schemas/Problem");
		assertThat(names(schema("Problem").get("required"))).contains("code", "correlationId");
	}

	@Test
	void pagesAreAskedForWithTwoParametersAndCallersWithNone() {
		assertThat(operation("get /open/things").get("parameters").findValuesAsString("name"))
			.containsExactly("pageSize", "pageToken");
		assertThat(operation("get /me").has("parameters")).isFalse();
	}

	@Test
	void requestsAreClosedAndDemandWhatMustBeThere() {
		JsonNode thing = schema("Thing");
		assertThat(thing.get("additionalProperties").asBoolean(true)).isFalse();
		assertThat(names(thing.get("required"))).containsExactly("name");
		assertThat(thing.at("/properties/name/maxLength").asInt()).isEqualTo(20);
		assertThat(names(thing.at("/properties/colour/type"))).containsExactlyInAnyOrder("string", "null");
		assertThat(thing.at("/properties/at/format").asString()).isEqualTo("date-time");
		assertThat(thing.at("/properties/price/oneOf/1/type").asString()).isEqualTo("null");
		assertThat(names(schema("Line").get("required"))).containsExactlyInAnyOrder("productId", "quantity");
		assertThat(schema("Line").at("/properties/productId/format").asString()).isEqualTo("uuid");
	}

	@Test
	void answersHoldAllOfTheirFields() {
		JsonNode page = schema("PageInteger");
		assertThat(names(page.get("required"))).containsExactlyInAnyOrder("items", "nextPageToken");
		assertThat(names(page.at("/properties/nextPageToken/type"))).containsExactlyInAnyOrder("string", "null");
		assertThat(operation("post /orders").at("/responses/201/content/application~1json/schema/$ref").asString())
			.isEqualTo("#/components/schemas/Order");
	}

	@Test
	void idsOfOperationsAreStableAndUnique() {
		List<String> ids = document().findValuesAsString("operationId");
		assertThat(ids).doesNotHaveDuplicates().contains("sampleThing", "deadLetterReplay");
	}

	@Test
	void nothingOfItIsMadeBeforeItIsAskedFor(@Autowired ConfigurableListableBeanFactory beans) {
		assertThat(beans.getBeanNamesForType(SpringDocProviders.class, true, false)).isNotEmpty()
			.allSatisfy((name) -> assertThat(beans.getBeanDefinition(name).isLazyInit()).isTrue());
		assertThat(beans.getBeanDefinition(OpenApiDocument.class.getName()).isLazyInit()).isTrue();
	}

	private JsonNode operation(String operation) {
		String[] parts = operation.split(" ");
		JsonNode found = document().get("paths").path(parts[1]).path(parts[0]);
		assertThat(found.isObject()).as(operation).isTrue();
		return found;
	}

	private JsonNode schema(String name) {
		return document().at("/components/schemas/" + name);
	}

	private static Collection<String> names(JsonNode array) {
		return array.valueStream().map(JsonNode::asString).toList();
	}

	private JsonNode document() {
		return JsonMapper.shared()
			.readTree(this.client.get().uri("/openapi.json").exchange().expectBody().returnResult().getResponseBody());
	}

}
