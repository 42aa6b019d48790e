package dev.sagamart.platform.web;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.request.PageToken;
import dev.sagamart.platform.sample.SampleTest;
import dev.sagamart.platform.sample.TakenConnections;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SampleTest
class ApiConventionsIntegrationTests {

	/** Less than the socket time-out, which is the last way out. */
	private static final Duration NO_HANG = Duration.ofSeconds(10);

	private static final String CONNECTION_TIMEOUT = "spring.datasource.hikari.connection-timeout";

	private static final String LINE = "{\"productId\":\"018f4e5a-0000-7000-8000-000000000001\",\"quantity\":%s}";

	@Autowired
	RestTestClient client;

	@Autowired
	TestTokens tokens;

	@Autowired
	HikariDataSource pool;

	@Autowired
	ConfigurableEnvironment environment;

	@AfterEach
	void bePatientAgain() {
		this.pool.setConnectionTimeout(this.environment.getRequiredProperty(CONNECTION_TIMEOUT, Long.class));
	}

	@Test
	void aGoodRequestIsAnswered() {
		this.client.post()
			.uri("/open/things")
			.contentType(MediaType.APPLICATION_JSON)
			.body(thing("\"lines\":[" + LINE.formatted(3)
					+ "],\"colour\":\"RED\",\"price\":{\"amount\":1999,\"currency\":\"EUR\"},\"gift\":true"))
			.exchange()
			.expectStatus()
			.isCreated()
			.expectHeader()
			.location("/open/things/1")
			.expectBody()
			.jsonPath("$.lines[0].quantity")
			.isEqualTo(3)
			.jsonPath("$.price.currency")
			.isEqualTo("EUR");
	}

	@Test
	void answersAreUtf8() {
		byte[] body = this.client.get()
			.uri("/open/things/018f4e5a-0000-7000-8000-000000000001")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
		assertThat(body).asString(StandardCharsets.UTF_8).contains("Ünïcödé");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{\"name\"|UNREADABLE_BODY", "[]|UNREADABLE_BODY", "''|UNREADABLE_BODY",
					"{\"name\":\"a\",\"name\":\"b\"}|UNREADABLE_BODY", "{\"name\":\"a\"} {}|UNREADABLE_BODY",
					"{\"name\":\"a\",}|UNREADABLE_BODY", "{\"name\":1}|WRONG_TYPE", "{\"name\":true}|WRONG_TYPE",
					"{\"name\":{}}|WRONG_TYPE", "{\"name\":\"a\",\"gift\":\"true\"}|WRONG_TYPE",
					"{\"name\":\"a\",\"gift\":1}|WRONG_TYPE", "{\"name\":\"a\",\"gift\":\"\"}|WRONG_TYPE",
					"{\"name\":\"a\",\"lines\":{}}|WRONG_TYPE", "{\"name\":\"a\",\"lines\":\"\"}|WRONG_TYPE",
					"{\"name\":\"a\",\"colour\":0}|WRONG_TYPE", "{\"name\":\"a\",\"at\":\"yesterday\"}|WRONG_TYPE",
					"{\"name\":\"a\",\"price\":{\"amount\":\"1\",\"currency\":\"EUR\"}}|WRONG_TYPE",
					"{\"name\":\"a\",\"price\":{\"amount\":1.5,\"currency\":\"EUR\"}}|WRONG_TYPE",
					"{\"name\":\"a\",\"price\":{\"amount\":1e2,\"currency\":\"EUR\"}}|WRONG_TYPE",
					"{\"name\":\"a\",\"price\":{\"amount\":9223372036854775808,\"currency\":\"EUR\"}}|WRONG_TYPE" })
	void unreadableJsonAndWrongTypesAreBadRequests(String body, String code) {
		problem(post("/open/things", body), 400, code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"3\"", "3.0", "2147483648", "true", "[3]" })
	void aQuantityMustBeAnInteger(String quantity) {
		JsonNode problem = problem(post("/open/things", thing("\"lines\":[" + LINE.formatted(quantity) + "]")), 400,
				"WRONG_TYPE");
		assertThat(problem.get("detail").asString()).contains("lines[0].quantity");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1-1-1-1-1", "AAAAAAAAAAAAAAAAAAAAAA==", "", "018f4e5a-0000-7000-8000-00000000000g" })
	void anIdInABodyMustBeAUuid(String id) {
		problem(post("/open/things", thing("\"lines\":[{\"productId\":\"" + id + "\",\"quantity\":1}]")), 400,
				"WRONG_TYPE");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{\"name\":\"a\",\"admin\":true}|admin", "{\"name\":\" \"}|name", "{}|name",
			"{\"name\":\"aaaaaaaaaaaaaaaaaaaaa\"}|name", "{\"name\":\"a\\u0000b\"}|name",
			"{\"name\":\"a\\ud800b\"}|name", "{\"name\":\"a\\udc00\"}|name", "{\"name\":\"a\\ud83d\"}|name",
			"{\"name\":\"a\",\"colour\":\"BLUE\"}|colour",
			"{\"name\":\"a\",\"price\":{\"amount\":1,\"currency\":\"EURO\"}}|price",
			"{\"name\":\"a\",\"lines\":[{\"productId\":\"018f4e5a-0000-7000-8000-000000000001\"}]}|lines[0].quantity",
			"{\"name\":\"a\",\"lines\":[{\"productId\":\"018f4e5a-0000-7000-8000-000000000001\",\"quantity\":null}]}|lines[0].quantity",
			"{\"name\":\"a\",\"lines\":[{\"productId\":null,\"quantity\":1}]}|lines[0].productId",
			"{\"name\":\"a\",\"lines\":[{\"productId\":\"018f4e5a-0000-7000-8000-000000000001\",\"quantity\":1000}]}|lines[0].quantity" })
	void readableButInvalidIsUnprocessable(String body, String field) {
		JsonNode problem = problem(post("/open/things", body), 422, "VALIDATION_FAILED");
		assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo(field);
		assertThat(problem.get("errors").get(0).get("message").asString()).isNotEmpty();
	}

	@Test
	void fullSurrogatePairsAreText() {
		assertThat(post("/open/things", "{\"name\":\"\\ud83d\\ude00\"}").getStatus().value()).isEqualTo(201);
	}

	@Test
	void messagesDoNotFollowTheClientsLanguage() {
		EntityExchangeResult<byte[]> result = this.client.post()
			.uri("/open/things")
			.header("Accept-Language", "de")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{}")
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(problem(result, 422, "VALIDATION_FAILED").get("errors").get(0).get("message").asString())
			.isEqualTo("must not be blank");
	}

	@Test
	void deepNestingIsRefused() {
		problem(post("/open/things", "{\"name\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"), 400, "WRONG_TYPE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc", "1-1-1-1-1", "018f4e5a00007000800000000000000a", "%20", "null" })
	void aMalformedIdInThePathIsABadRequest(String id) {
		problem(get("/open/things/" + id), 400, "MALFORMED_ID");
	}

	@Test
	void pagesLeadToTheNextPage() {
		JsonNode first = json(get("/open/things"));
		assertThat(first.get("items")).hasSize(20);
		String token = first.get("nextPageToken").asString();
		JsonNode second = json(get("/open/things?pageSize=100&pageToken=" + token));
		assertThat(second.get("items")).hasSize(100);
		assertThat(second.get("items").get(0).asInt()).isEqualTo(20);
		JsonNode last = json(get("/open/things?pageSize=100&pageToken=" + second.get("nextPageToken").asString()));
		assertThat(last.get("items")).hasSize(30);
		assertThat(last.get("nextPageToken").isNull()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "101", "-1", "1000", "ten", "1.5", "%20", "99999999999999999999", "%D9%A1" })
	void aPageSizeOutsideOf1To100IsABadRequest(String size) {
		problem(get("/open/things?pageSize=" + size), 400, "INVALID_PAGE_SIZE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "!", "bm90LWEtbnVtYmVy", "AA", "gICA", "%20", "%C3%A9" })
	void anInvalidPageTokenIsABadRequest(String token) {
		problem(get("/open/things?pageToken=" + token), 400, "INVALID_PAGE_TOKEN");
	}

	@Test
	void aPageTokenHasALimit() {
		problem(get("/open/things?pageToken=" + "A".repeat(4100)), 400, "INVALID_PAGE_TOKEN");
	}

	@Test
	void aPageTokenBelongsToOneList() {
		String token = json(get("/open/filtered?colour=RED&pageSize=2")).get("nextPageToken").asString();
		for (String same : List.of("?colour=RED&pageSize=3", "?colour=RED&word=",
				"?pageToken=" + token + "&colour=RED")) {
			String again = same.contains(token) ? same : same + "&pageToken=" + token;
			assertThat(json(get("/open/filtered" + again)).get("items").get(0).asInt()).as(same).isEqualTo(2);
		}
		for (String other : List.of("filtered?", "filtered?colour=GREEN&", "filtered?colour=RED&word=x&",
				"things?colour=RED&")) {
			problem(get("/open/" + other + "pageToken=" + token), 400, "INVALID_PAGE_TOKEN");
		}
	}

	@Test
	void aPageTokenIsTakenInItsOneFormOnly() {
		String token = json(get("/open/things")).get("nextPageToken").asString();
		for (int i = 0; i < token.length(); i++) {
			String tampered = token.substring(0, i) + ((token.charAt(i) == 'B') ? 'C' : 'B') + token.substring(i + 1);
			problem(get("/open/things?pageToken=" + tampered), 400, "INVALID_PAGE_TOKEN");
		}
		for (String other : List.of(token + "=", token + "A", token.substring(1), token + token, token + "%0A")) {
			problem(get("/open/things?pageToken=" + other), 400, "INVALID_PAGE_TOKEN");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "1-1-1-1-1", "", "x", "018f4e5a-0000-7000-8000-00000000000\u0661",
			"018f4e5a-0000-7000-8000-000000000001\u001f1", "\u0000", "{018f4e5a-0000-7000-8000-000000000001}" })
	void aPageTokenWithARightChecksumIsReadStrictlyToo(String key) {
		String token = PageToken.of("/open/ids{}", List.of(key));
		problem(get("/open/ids?pageToken=" + token), 400, "INVALID_PAGE_TOKEN");
	}

	@Test
	void anEmptyParameterIsAnAbsentOne() {
		JsonNode items = json(get("/open/filtered?colour=&word=&pageSize=&pageToken=")).get("items");
		assertThat(items).hasSize(20).isEqualTo(json(get("/open/filtered")).get("items"));
		assertThat(json(get("/open/ids?of=&pageToken=&pageSize=2")).get("items")).hasSize(2);
		problem(get("/open/search?q="), 400, "BAD_REQUEST");
		problem(get("/open/filtered?colour=%20PUCE"), 400, "WRONG_TYPE");
		problem(get("/open/filtered?word=&word="), 400, "REPEATED_PARAMETER");
		problem(get("/open/things?pageToken=&pageToken="), 400, "REPEATED_PARAMETER");
	}

	@Test
	void whatTheDatabaseCannotTakeIsNotTheBodysFaultWithoutOne() {
		problem(get("/open/fail/range"), 400, "INVALID_PARAMETER");
		problem(post("/open/fail/range", "{\"name\":\"a\"}"), 422, "VALUE_NOT_STORABLE");
	}

	@Test
	void parametersAreChecked() {
		problem(get("/open/search"), 400, "BAD_REQUEST");
		problem(get("/open/search?q=a&colour=BLUE"), 400, "WRONG_TYPE");
		JsonNode problem = problem(get("/open/search?q=aaaaaaaaaaaaaaaa"), 422, "VALIDATION_FAILED");
		assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo("q");
		problem(get("/open/search?q=a%00b"), 400, "BAD_REQUEST");
		problem(get("/open/header"), 400, "BAD_REQUEST");
	}

	@Test
	void whatIsNotThereIsNotFound() {
		JsonNode problem = problem(asCustomer(HttpMethod.GET, "/open/nothing?token=secret"), 404, "NOT_FOUND");
		assertThat(problem.get("instance").asString()).isEqualTo("/open/nothing");
		assertThat(problem.get("title").asString()).isEqualTo("Not Found");
		assertThat(problem.get("type").asString()).isEqualTo("about:blank");
	}

	@Test
	void otherMethodsAreRefusedWithTheAllowedOnes() {
		EntityExchangeResult<byte[]> result = asCustomer(HttpMethod.DELETE,
				"/open/things/018f4e5a-0000-7000-8000-000000000001");
		problem(result, 405, "METHOD_NOT_ALLOWED");
		assertThat(result.getResponseHeaders().getAllow()).containsExactlyInAnyOrder(HttpMethod.GET, HttpMethod.HEAD,
				HttpMethod.PUT);
	}

	@Test
	void aMethodCannotBeOverridden() {
		EntityExchangeResult<byte[]> result = this.client.post()
			.uri("/open/db?_method=GET")
			.headers((headers) -> headers.setBearerAuth(this.tokens.customer(UUID.randomUUID())))
			.header("X-HTTP-Method-Override", "GET")
			.exchange()
			.expectBody()
			.returnResult();
		problem(result, 405, "METHOD_NOT_ALLOWED");
	}

	@Test
	void problemsIgnoreWhatTheClientAccepts() {
		problem(this.client.get()
			.uri("/open/things/018f4e5a-0000-7000-8000-000000000001")
			.accept(MediaType.APPLICATION_XML)
			.exchange()
			.expectBody()
			.returnResult(), 406, "NOT_ACCEPTABLE");
		problem(this.client.get()
			.uri("/open/fail/not-found")
			.accept(MediaType.TEXT_HTML)
			.exchange()
			.expectBody()
			.returnResult(), 404, "NOT_FOUND");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/xml", "application/x-www-form-urlencoded", "*/*",
			"application/*", "application/json; charset=utf-16", "application/json; charset=iso-8859-1" })
	void otherMediaTypesAreRefused(String type) {
		problem(this.client.post()
			.uri("/open/things")
			.header("Content-Type", type)
			.body("{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectBody()
			.returnResult(), 415, "UNSUPPORTED_MEDIA_TYPE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/yaml", "application/cbor", "application/x-yaml",
			"application/x-jackson-smile", "multipart/form-data;boundary=a" })
	void formatsThatALibraryMightReadAreRefused(String type) {
		problem(this.client.post()
			.uri("/open/things")
			.headers((headers) -> headers.set("Content-Type", type))
			.body("{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectBody()
			.returnResult(), 415, "UNSUPPORTED_MEDIA_TYPE");
	}

	@Test
	void answersAreNoProblemDetails() {
		problem(this.client.get()
			.uri("/open/things/018f4e5a-0000-7000-8000-000000000001")
			.headers((headers) -> headers.set("Accept", "application/problem+json"))
			.exchange()
			.expectBody()
			.returnResult(), 406, "NOT_ACCEPTABLE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "application", "application/json;q=7", "*/json", ",", "a/b,,,,;;;=" })
	void absurdWishesAreNotAcceptable(String accept) {
		EntityExchangeResult<byte[]> result = this.client.get()
			.uri("/open/things/018f4e5a-0000-7000-8000-000000000001")
			.headers((headers) -> headers.set("Accept", accept))
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(result.getStatus().value()).isIn(200, 400, 406);
		assertThat(result.getResponseHeaders().getContentType()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "q=a&q=b", "q=a&q=a", "q=a&colour=RED&colour=GREEN", "q=a&unknown=1&unknown=2" })
	void aParameterMayStandOnlyOnce(String query) {
		problem(get("/open/search?" + query), 400, "REPEATED_PARAMETER");
	}

	@Test
	void whatTheManagementPortDoesNotHaveIsNotFound() {
		RestTestClient management = RestTestClient.bindToServer()
			.baseUrl("http://localhost:" + this.environment.getProperty("local.management.port"))
			.build();
		management.get().uri("/actuator/health/liveness").exchange().expectStatus().isOk();
		management.get().uri("/actuator/env").exchange().expectStatus().isNotFound();
		management.get().uri("/nothing").exchange().expectStatus().isNotFound();
		management.get().uri("/openapi.json").exchange().expectStatus().isNotFound();
		assertThat(get("/actuator/health").getStatus().value()).isNotEqualTo(200);
	}

	@ParameterizedTest
	@MethodSource("otherThanUtf8")
	void otherEncodingsThanUtf8AreRefused(byte[] body) {
		problem(this.client.post()
			.uri("/open/things")
			.header("Content-Type", "application/json")
			.body(body)
			.exchange()
			.expectBody()
			.returnResult(), 400, "UNREADABLE_BODY");
	}

	static Stream<byte[]> otherThanUtf8() {
		String json = "{\"name\":\"a/b\"}";
		String overlong = json.replace("/", "\u00c0\u00af");
		String surrogate = json.replace("/", "\u00ed\u00a0\u0080");
		return Stream.of(json.getBytes(StandardCharsets.UTF_16), json.getBytes(StandardCharsets.UTF_16BE),
				json.getBytes(StandardCharsets.UTF_16LE), json.getBytes(StandardCharsets.UTF_32),
				overlong.getBytes(StandardCharsets.ISO_8859_1), surrogate.getBytes(StandardCharsets.ISO_8859_1),
				"{\"name\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
	}

	@Test
	void compressedBodiesAreRefused() {
		EntityExchangeResult<byte[]> result = this.client.post()
			.uri("/open/things")
			.header("Content-Encoding", "gzip")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{}")
			.exchange()
			.expectBody()
			.returnResult();
		problem(result, 415, "UNSUPPORTED_MEDIA_TYPE");
		assertThat(result.getResponseHeaders().getFirst("Accept-Encoding")).isEqualTo("identity");
	}

	@ParameterizedTest
	@CsvSource({ "problem,409,ORDER_NOT_CANCELLABLE", "fields,422,VALIDATION_FAILED", "not-found,404,NOT_FOUND",
			"unforeseen,500,INTERNAL_ERROR", "optimistic,409,CONCURRENT_CHANGE", "range,400,INVALID_PARAMETER",
			"unique,409,CONFLICT", "not-null,500,INTERNAL_ERROR", "status,410,GONE", "constraint,422,VALIDATION_FAILED",
			"wrapped,400,INNER", "denied,401,UNAUTHENTICATED" })
	void exceptionsBecomeProblems(String how, int status, String code) {
		problem(get("/open/fail/" + how), status, code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "lock", "timeout", "no-transaction", "connection-lost", "serialization" })
	void aTransientFailureOfTheDatabaseAsksToTryAgain(String how) {
		EntityExchangeResult<byte[]> result = get("/open/fail/" + how);
		problem(result, 503, "SERVICE_UNAVAILABLE");
		assertThat(result.getResponseHeaders().getFirst("Retry-After")).isEqualTo("1");
	}

	@Test
	void anUnforeseenFailureSaysNothingAboutItself() {
		assertThat(new String(bodyOf(get("/open/fail/unforeseen")), StandardCharsets.UTF_8)).doesNotContain("select",
				"sagamart", "Exception", "trace");
	}

	@ParameterizedTest
	@CsvSource({ "403,ACCESS_DENIED", "404,NOT_FOUND", "429,TOO_MANY_REQUESTS", "500,INTERNAL_ERROR",
			"599,INTERNAL_ERROR" })
	void errorsThatTheServerDispatchesAreProblemsToo(int status, String code) {
		problem(get("/open/send-error?status=" + status), (status == 599) ? 500 : status, code);
	}

	@Test
	void theErrorPathItselfIsNothing() {
		assertThat(get("/error").getStatus().value()).isEqualTo(401);
	}

	@Test
	void aWellFormedCorrelationIdIsKept() {
		EntityExchangeResult<byte[]> result = this.client.get()
			.uri("/open/correlation")
			.header("X-Correlation-Id", "abc-1.2_3")
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(result.getResponseHeaders().get("X-Correlation-Id")).containsExactly("abc-1.2_3");
		assertThat(json(result).get("correlationId").asString()).isEqualTo("abc-1.2_3");
		assertThat(json(result).get("traceId").asString()).hasSize(32);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "a b", "ü", "a/b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
	void anyOtherCorrelationIdIsReplaced(String sent) {
		EntityExchangeResult<byte[]> result = this.client.get()
			.uri("/open/fail/not-found")
			.header("X-Correlation-Id", sent)
			.exchange()
			.expectBody()
			.returnResult();
		String id = result.getResponseHeaders().getFirst("X-Correlation-Id");
		assertThat(id).isNotEqualTo(sent).matches("[0-9a-f-]{36}");
		assertThat(json(result).get("correlationId").asString()).isEqualTo(id);
	}

	@Test
	void theTraceOfTheClientGoesOn() {
		String traceId = "0af7651916cd43dd8448eb211c80319c";
		EntityExchangeResult<byte[]> result = this.client.get()
			.uri("/open/correlation")
			.header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(json(result).get("traceId").asString()).isEqualTo(traceId);
	}

	@Test
	void aDatabaseThatIsAwayIsSaidWithinTwoSecondsAndForgottenSoon() {
		waitForConnectionsAsInProduction();
		assertThat(get("/open/db").getStatus().value()).isEqualTo(200);
		TestServers.postgres().stop();
		try {
			for (int i = 0; i < 3; i++) {
				Instant start = Instant.now();
				EntityExchangeResult<byte[]> result = get("/open/db");
				assertThat(Duration.between(start, Instant.now())).isLessThan(NO_HANG);
				problem(result, 503, "SERVICE_UNAVAILABLE");
				assertThat(result.getResponseHeaders().getFirst("Retry-After")).isNotNull();
			}
		}
		finally {
			TestServers.postgres().start();
		}
		await().until(() -> get("/open/db").getStatus().value() == 200);
	}

	@Test
	void aStatementThatTakesTooLongIsEnded() {
		Instant start = Instant.now();
		problem(get("/open/db?seconds=30"), 503, "SERVICE_UNAVAILABLE");
		assertThat(Duration.between(start, Instant.now())).isLessThan(NO_HANG);
	}

	@Test
	void connectionsThatAreUsedUpAreSaidWithinTwoSeconds() throws SQLException {
		try (var _ = TakenConnections.allBut(0, this.pool)) {
			waitForConnectionsAsInProduction();
			Instant start = Instant.now();
			problem(get("/open/db"), 503, "SERVICE_UNAVAILABLE");
			assertThat(Duration.between(start, Instant.now())).isLessThan(NO_HANG);
		}
		assertThat(get("/open/db").getStatus().value()).isEqualTo(200);
	}

	/** Not as patiently as all other tests. */
	private void waitForConnectionsAsInProduction() {
		Integer timeout = (Integer) this.environment.getPropertySources()
			.get("platform-core-defaults.yml")
			.getProperty(CONNECTION_TIMEOUT);
		assertThat(timeout).isLessThan(2000);
		this.pool.setConnectionTimeout(timeout);
	}

	private static String thing(String more) {
		return "{\"name\":\"a\"," + more + "}";
	}

	private EntityExchangeResult<byte[]> get(String uri) {
		return this.client.get().uri(URI.create(uri)).exchange().expectBody().returnResult();
	}

	private EntityExchangeResult<byte[]> asCustomer(HttpMethod method, String uri) {
		return this.client.method(method)
			.uri(uri)
			.headers((headers) -> headers.setBearerAuth(this.tokens.customer(UUID.randomUUID())))
			.exchange()
			.expectBody()
			.returnResult();
	}

	private EntityExchangeResult<byte[]> post(String uri, String body) {
		return this.client.post()
			.uri(uri)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body.getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectBody()
			.returnResult();
	}

	static JsonNode problem(EntityExchangeResult<byte[]> result, int status, String code) {
		assertThat(result.getStatus().value()).as(() -> new String(bodyOf(result))).isEqualTo(status);
		assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		JsonNode problem = json(result);
		assertThat(problem.get("code").asString()).isEqualTo(code);
		assertThat(problem.get("status").asInt()).isEqualTo(status);
		assertThat(problem.propertyNames()).contains("type", "title", "detail", "instance", "correlationId");
		assertThat(problem.get("correlationId").asString())
			.isEqualTo(result.getResponseHeaders().getFirst("X-Correlation-Id"));
		return problem;
	}

	static JsonNode json(EntityExchangeResult<byte[]> result) {
		return JsonMapper.shared().readTree(bodyOf(result));
	}

	static byte[] bodyOf(EntityExchangeResult<byte[]> result) {
		byte[] body = result.getResponseBody();
		return (body != null) ? body : new byte[0];
	}

}
