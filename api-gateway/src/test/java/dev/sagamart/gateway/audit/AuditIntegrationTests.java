package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.WithTestServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@WithTestServers
@TestPropertySource(properties = { "sagamart.gateway.audit.queue-capacity=" + AuditIntegrationTests.CAPACITY,
		"sagamart.gateway.rate-limits.user.burst=200", "sagamart.gateway.rate-limits.user.per-second=5",
		"spring.datasource.hikari.connection-timeout=1500", "sagamart.gateway.trusted-proxies=127.0.0.1" })
class AuditIntegrationTests extends GatewayTest {

	static final int CAPACITY = 40;

	private static final Random NUMBERS = new Random();

	private static final String SECRET = "not-to-be-kept";

	private final Instant begin = Instant.now().minusSeconds(1);

	private final UUID user = UUID.randomUUID();

	/** Used only by this test, so that no other test uses up its rate limit. */
	private final String admin = TOKENS.admin(UUID.randomUUID());

	/** Used only by this test, so that refusals of other tests are counted separately. */
	private final String address = "198.18.%d.%d".formatted(NUMBERS.nextInt(256), NUMBERS.nextInt(256));

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private MeterRegistry meters;

	@Test
	void recordsCallerRequestAddressAndResult() {
		ORDERS.answers((exchange) -> Upstream.answer(exchange, 201, SECRET));
		Instant before = Instant.now().minusMillis(1);
		String id = sent(
				request("/api/v1/orders?q=" + SECRET, TOKENS.customer(this.user)).header("Idempotency-Key", SECRET)
					.POST(HttpRequest.BodyPublishers.ofString(SECRET)));
		JsonNode entry = entryOf(id);
		assertThat(entry.get("userId").stringValue()).isEqualTo(this.user.toString());
		assertThat(entry.get("method").stringValue()).isEqualTo("POST");
		assertThat(entry.get("path").stringValue()).isEqualTo("/api/v1/orders");
		assertThat(entry.get("route").stringValue()).isEqualTo("orders");
		assertThat(entry.get("address").stringValue()).isEqualTo("127.0.0.1");
		assertThat(entry.get("status").intValue()).isEqualTo(201);
		assertThat(entry.get("code").isNull()).isTrue();
		assertThat(entry.get("count").intValue()).isEqualTo(1);
		assertThat(entry.get("samples")).isEmpty();
		assertThat(entry.get("lastAt")).isEqualTo(entry.get("at"));
		assertThat(Instant.parse(entry.get("at").stringValue())).isBetween(before, Instant.now());
		assertThat(entry.toString()).doesNotContain(SECRET);
	}

	@ParameterizedTest
	@CsvSource({ "PUT, /api/v1/users/me, 401, UNAUTHENTICATED", "GET, /api/v1/cart, 401, UNAUTHENTICATED",
			"TRACE, /api/v1/cart, 405, METHOD_NOT_ALLOWED", "POST, /nothing, 404, NOT_FOUND",
			"DELETE, /api/v1/users/..;/x, 400, BAD_REQUEST" })
	void recordsRefusalsOfTheGateway(String method, String path, int status, String code) throws IOException {
		String id = UUID.randomUUID().toString();
		assertThat(sendRaw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: " + id
				+ "\r\nX-Forwarded-For: " + this.address + "\r\nConnection: close\r\n\r\n"))
			.startsWith("HTTP/1.1 " + status);
		JsonNode entry = entryOf(id);
		assertThat(entry.get("userId").isNull()).isTrue();
		assertThat(entry.get("route").isNull()).isTrue();
		assertThat(entry.get("method").stringValue()).isEqualTo(method);
		assertThat(entry.get("path").stringValue()).isEqualTo(path);
		assertThat(entry.get("status").intValue()).isEqualTo(status);
		assertThat(entry.get("code").stringValue()).isEqualTo(code);
	}

	@ParameterizedTest
	@CsvSource({ "/api/v1/password-resets/", "/api/v1/password-resets%2F", "/api/v1/%70assword-resets/",
			"/api/v1//password-resets/", "/password-resets/" })
	void recordsNoSecretsInPaths(String path) throws IOException {
		String id = UUID.randomUUID().toString();
		sendRaw("PUT " + path + SECRET + " HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: " + id + "\r\nX-Forwarded-For: "
				+ this.address + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		assertThat(entryOf(id).get("path").stringValue()).isEqualTo("/api/v1/password-resets/{token}");
	}

	@Test
	void recordsDeniedRequests() {
		JsonNode entry = entryOf(sent(request("/api/v1/operations/sagas", TOKENS.customer(this.user))));
		assertThat(entry.get("status").intValue()).isEqualTo(403);
		assertThat(entry.get("code").stringValue()).isEqualTo("ACCESS_DENIED");
		assertThat(entry.get("userId").stringValue()).isEqualTo(this.user.toString());
	}

	@Test
	void recordsRateLimitedRequests() {
		String token = TOKENS.customer(this.user);
		HttpResponse<String> refused = Stream.generate(() -> send(request("/api/v1/cart", token)))
			.limit(1_000)
			.filter((response) -> response.statusCode() == 429)
			.findFirst()
			.orElseThrow();
		JsonNode entry = entryOf(refused.headers().firstValue("X-Correlation-Id").orElseThrow());
		assertThat(entry.get("code").stringValue()).isEqualTo("TOO_MANY_REQUESTS");
		assertThat(entry.get("userId").stringValue()).isEqualTo(this.user.toString());
	}

	@Test
	void ignoresTheCallerOfAnInvalidToken() {
		String forged = TOKENS.token().subject(this.user.toString()).audience("other").compact();
		JsonNode entry = entryOf(sent(request("/api/v1/cart", forged).header("X-Forwarded-For", this.address)));
		assertThat(entry.get("status").intValue()).isEqualTo(401);
		assertThat(entry.get("userId").isNull()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403, 429 })
	void recordsRefusalsOfServices(int status) {
		ORDERS.answers((exchange) -> Upstream.answer(exchange, status, "no"));
		JsonNode entry = entryOf(sent(request("/api/v1/orders/7", TOKENS.customer(this.user))));
		assertThat(entry.get("status").intValue()).isEqualTo(status);
		assertThat(entry.get("route").stringValue()).isEqualTo("orders");
	}

	@Test
	void countsSimilarRefusalsByNetwork() {
		Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		String network = "2001:db8:%x:%x".formatted(NUMBERS.nextInt(65536), NUMBERS.nextInt(65536));
		String first = sent(request("/api/v1/users/me").header("X-Forwarded-For", network + "::7").DELETE());
		entryOf(first);
		for (int i = 1; i < 40; i++) {
			sent(request("/api/v1/orders/" + i).header("X-Forwarded-For", network + "::" + i));
		}
		Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> {
			List<JsonNode> entries = all("?pageSize=100&from=" + before)
				.filter((entry) -> entry.get("address").stringValue().equals(network + "::/64"))
				.toList();
			assertThat(entries).hasSizeBetween(1, 3);
			assertThat(entries.stream().mapToInt((entry) -> entry.get("count").intValue()).sum()).isEqualTo(40);
			JsonNode entry = entries.getLast();
			assertThat(entry.get("correlationId").stringValue()).isEqualTo(first);
			assertThat(entry.get("samples").get(0).get("path").stringValue()).isEqualTo("/api/v1/users/me");
			assertThat(entry.get("samples").size()).isLessThanOrEqualTo(3);
		});
	}

	@Test
	void findsCountedRefusalsByTheTimeOfTheLastOne() {
		String token = TOKENS.customer(this.user);
		String id = sent(request("/api/v1/operations/sagas", token));
		JsonNode entry = entryOf(id);
		Instant at = Instant.parse(entry.get("at").stringValue());
		assertThat(correlationIds(list("?pageSize=100&userId=" + this.user + "&from=" + at))).contains(id);
		assertThat(correlationIds(list("?userId=" + this.user + "&from=" + at.plusMillis(1)))).isEmpty();
		assertThat(correlationIds(list("?userId=" + this.user + "&to=" + at.plusMillis(1)))).contains(id);
		assertThat(correlationIds(list("?userId=" + this.user + "&to=" + at))).isEmpty();
	}

	@Test
	void takesTheUserOfALogInFromTheService() {
		USERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("X-Audit-Subject", this.user.toString());
			Upstream.answer(exchange, 201, "x");
		});
		String id = UUID.randomUUID().toString();
		HttpResponse<String> response = send(request("/api/v1/sessions").header("X-Correlation-Id", id)
			.POST(HttpRequest.BodyPublishers.ofString("{}")));
		assertThat(response.headers().firstValue("X-Audit-Subject")).isEmpty();
		assertThat(entryOf(id).get("userId").stringValue()).isEqualTo(this.user.toString());
	}

	@Test
	void ignoresASubjectThatTheClientSends() {
		USERS.answers((exchange) -> Upstream.answer(exchange, 401, "x"));
		JsonNode entry = entryOf(sent(request("/api/v1/sessions").header("X-Audit-Subject", this.user.toString())
			.header("X-Forwarded-For", this.address)
			.POST(HttpRequest.BodyPublishers.ofString("{}"))));
		assertThat(entry.get("userId").isNull()).isTrue();
		assertThat(entry.get("status").intValue()).isEqualTo(401);
	}

	@Test
	void recordsReadsOfAdministrators() {
		String admin = TOKENS.admin(this.user);
		List<String> ids = List.of(sent(request("/api/v1/operations/order/dead-letters", admin)),
				sent(request("/api/v1/users?email=" + SECRET, admin)),
				sent(request("/api/v1/users/" + UUID.randomUUID(), admin)));
		assertThat(ids)
			.allSatisfy((id) -> assertThat(entryOf(id).get("userId").stringValue()).isEqualTo(this.user.toString()));
	}

	@Test
	void doesNotRecordOrdinaryReads() {
		String token = TOKENS.customer(this.user);
		List<String> reads = List.of(sent(request("/api/v1/products")), sent(request("/api/v1/orders", token)),
				sent(request("/api/v1/users/me", token)), sent(request("/nothing")));
		entryOf(sent(request("/api/v1/cart", token).DELETE()));
		assertThat(this.jdbc.queryForList("select correlation_id from audit_entry", String.class))
			.doesNotContainAnyElementsOf(reads);
	}

	@Test
	void recordsClientsThatDisconnect() throws IOException {
		CountDownLatch left = new CountDownLatch(1);
		CountDownLatch arrived = new CountDownLatch(1);
		ORDERS.answers((exchange) -> {
			arrived.countDown();
			awaitLatch(left, 20);
		});
		String id = UUID.randomUUID().toString();
		try (var socket = new Socket("127.0.0.1", this.port)) {
			socket.getOutputStream()
				.write(("POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nX-Correlation-Id: " + id
						+ "\r\nAuthorization: Bearer " + TOKENS.customer(this.user) + "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			awaitLatch(arrived, 20);
		}
		JsonNode entry = entryOf(id);
		left.countDown();
		assertThat(entry.get("status").isNull()).isTrue();
		assertThat(entry.get("userId").stringValue()).isEqualTo(this.user.toString());
	}

	@Test
	void losesNothingDuringAShortOutageOfTheDatabase() {
		awaitEmptyQueue();
		double dropped = dropped();
		List<String> ids = new ArrayList<>();
		TestServers.postgres().kill();
		try {
			String token = TOKENS.customer(this.user);
			IntStream.range(0, CAPACITY - 10).forEach((i) -> ids.add(sent(request("/api/v1/cart", token).DELETE())));
			HttpResponse<String> unavailable = send(request("/api/v1/operations/audit", ADMIN));
			assertThat(unavailable.statusCode()).isEqualTo(503);
			assertThat(unavailable.headers().firstValue("Retry-After")).isPresent();
			assertThat(json(unavailable).get("code").stringValue()).isEqualTo("SERVICE_UNAVAILABLE");
			assertThat(unavailable.body()).doesNotContain("jdbc", "Exception", "127.0.0.1");
		}
		finally {
			TestServers.postgres().start();
		}
		ids.forEach(this::entryOf);
		assertThat(dropped()).isEqualTo(dropped);
	}

	@Test
	void countsLostEntries() {
		awaitEmptyQueue();
		double dropped = dropped();
		List<String> ids = new ArrayList<>();
		TestServers.postgres().kill();
		try {
			String token = TOKENS.customer(this.user);
			IntStream.range(0, 4 * CAPACITY).forEach((i) -> ids.add(sent(request("/api/v1/cart", token).DELETE())));
		}
		finally {
			TestServers.postgres().start();
		}
		// The batch that is being written frees its part of the queue once.
		assertThat(dropped() - dropped).isBetween(2.0 * CAPACITY, 3.0 * CAPACITY);
		Awaitility.await()
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(
					this.jdbc.queryForObject("select count(*) from audit_entry where correlation_id = any (?)",
							Integer.class, (Object) ids.toArray(String[]::new)))
				.isEqualTo((int) (ids.size() - (dropped() - dropped))));
	}

	@Test
	void doesNotBlockRequestsWhileTheDatabaseHangs() throws SQLException {
		String id;
		try (Connection other = TestServers.postgres().connectAsSuperuser();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("lock table gateway.audit_entry");
			id = sent(request("/api/v1/cart", CUSTOMER).DELETE());
			assertThat(send(request("/api/v1/operations/audit", ADMIN)).statusCode()).isEqualTo(503);
		}
		entryOf(id);
	}

	@Test
	void givesMigrationsALongReadTimeout(@Autowired Flyway flyway) {
		assertThat(flyway.getConfiguration().getCallbacks()).hasAtLeastOneElementOfType(DeferredMigrations.class);
	}

	@Test
	void refusesUpdatesAndDeletes() {
		entryOf(sent(request("/api/v1/cart", CUSTOMER).DELETE()));
		assertThatThrownBy(() -> this.jdbc.update("update audit_entry set user_id = null"))
			.hasMessageContaining("only added to");
	}

	@Test
	void listsPagesTheNewestFirst() {
		String token = TOKENS.customer(this.user);
		List<String> ids = IntStream.range(0, 5)
			.mapToObj((i) -> sent(request("/api/v1/cart", token).DELETE()))
			.toList();
		ids.forEach(this::entryOf);
		JsonNode first = list("?pageSize=2&userId=" + this.user);
		JsonNode second = list("?pageSize=2&userId=" + this.user + "&pageToken=" + tokenOf(first));
		JsonNode third = list("?pageSize=2&userId=" + this.user + "&pageToken=" + tokenOf(second));
		assertThat(List.of(first, second, third)).flatMap((page) -> correlationIds(page))
			.containsExactlyElementsOf(ids.reversed());
		assertThat(third.get("nextPageToken").isNull()).isTrue();
	}

	@Test
	void treatsEmptyParametersAsAbsent() {
		assertThat(list("?userId=&from=&to=&pageSize=&pageToken=").get("items").size()).isBetween(1, 20);
	}

	@Test
	void refusesChangedPageTokensAndThoseOfOtherFilters() {
		String token = TOKENS.customer(this.user);
		List.of(1, 2, 3).forEach((i) -> entryOf(sent(request("/api/v1/cart", token).DELETE())));
		String next = tokenOf(list("?pageSize=1&userId=" + this.user));
		String audit = "/api/v1/operations/audit?";
		List<String> refused = new ArrayList<>(List.of("pageToken=" + next, "userId=x&pageToken=" + next,
				"userId=" + this.user + "&to=2020-01-01T00:00:00Z&pageToken=" + next));
		for (int i = 0; i < next.length(); i++) {
			String tampered = next.substring(0, i) + ((next.charAt(i) == 'B') ? 'C' : 'B') + next.substring(i + 1);
			refused.add("userId=" + this.user + "&pageToken=" + tampered);
		}
		for (String query : refused) {
			HttpResponse<String> response = send(request(audit + query, ADMIN));
			assertThat(response.statusCode()).as(query).isEqualTo(400);
			assertThat(json(response).get("code").stringValue()).isEqualTo("INVALID_PAGE_TOKEN");
		}
		assertThat(list("?userId=" + this.user + "&to=&pageSize=5&pageToken=" + next).get("items").size()).isEqualTo(2);
	}

	@Test
	void filtersByTime() {
		String token = TOKENS.customer(this.user);
		List<Instant> times = IntStream.range(0, 3)
			.mapToObj((i) -> entryOf(sent(request("/api/v1/cart", token).DELETE())))
			.map((entry) -> Instant.parse(entry.get("at").stringValue()))
			.toList();
		String query = "?userId=" + this.user;
		assertThat(list(query + "&from=" + times.get(1)).get("items").size()).isEqualTo(2);
		assertThat(list(query + "&to=" + times.get(1)).get("items").size()).isEqualTo(1);
		assertThat(list(query + "&from=" + times.get(1) + "&to=" + times.get(2)).get("items").size()).isEqualTo(1);
		assertThat(list(query + "&from=" + times.get(2).plusSeconds(60)).get("items").size()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "pageSize=0, INVALID_PAGE_SIZE", "pageSize=101, INVALID_PAGE_SIZE", "pageSize=-1, INVALID_PAGE_SIZE",
			"pageSize=x, INVALID_PAGE_SIZE", "pageSize=%20, INVALID_PAGE_SIZE", "pageSize=%D9%A1, INVALID_PAGE_SIZE",
			"pageToken=x, INVALID_PAGE_TOKEN", "pageToken=%00, INVALID_PAGE_TOKEN",
			"pageToken=AAAAAAAAAAAAAAAAAAAAAAAAAAAA, INVALID_PAGE_TOKEN", "userId=a%00b, INVALID_PARAMETER",
			"userId=%27%20or%201=1, INVALID_PARAMETER", "from=yesterday, INVALID_PARAMETER",
			"to=-0001-01-01T00:00:00Z, INVALID_PARAMETER", "to=%20, INVALID_PARAMETER",
			"userId=a&userId=a, INVALID_PARAMETER", "from=&from=, INVALID_PARAMETER",
			"pageToken=AAAAAAAAAAAAAAAAAAAAAA, INVALID_PAGE_TOKEN",
			"from=%2B99999-01-01T00:00:00Z, INVALID_PARAMETER" })
	void refusesInvalidParameters(String query, String code) {
		HttpResponse<String> response = send(request("/api/v1/operations/audit?" + query, this.admin));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(json(response).get("code").stringValue()).isEqualTo(code);
	}

	@Test
	void requiresTheRoleAdmin() {
		assertThat(send(request("/api/v1/operations/audit")).statusCode()).isEqualTo(401);
		assertThat(send(request("/api/v1/operations/audit", CUSTOMER)).statusCode()).isEqualTo(403);
		assertThat(send(request("/api/v1/operations/audit", ADMIN).DELETE()).statusCode()).isEqualTo(405);
		assertThat(send(request("/api/v1/operations/audit", ADMIN).header("Accept", "text/html")).statusCode())
			.isEqualTo(406);
	}

	/** Sends the request and returns its correlation id. */
	private static String sent(HttpRequest.Builder request) {
		return send(request).headers().firstValue("X-Correlation-Id").orElseThrow();
	}

	private JsonNode list(String query) {
		HttpResponse<String> response = send(request("/api/v1/operations/audit" + query, this.admin));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return json(response);
	}

	/**
	 * The entries of all pages. Each read is itself an entry, so on a slow machine those
	 * of a test that waits may fill the first page.
	 */
	private Stream<JsonNode> all(String query) {
		List<JsonNode> pages = new ArrayList<>(List.of(list(query)));
		while (!pages.getLast().get("nextPageToken").isNull()) {
			pages.add(list(query + "&pageToken=" + tokenOf(pages.getLast())));
		}
		return pages.stream().flatMap((page) -> page.get("items").valueStream());
	}

	private JsonNode entryOf(String correlationId) {
		return Awaitility.await("entry of " + correlationId)
			.ignoreExceptions()
			.until(() -> all("?pageSize=100&from=" + this.begin)
				.filter((entry) -> entry.get("correlationId").stringValue().equals(correlationId))
				.findFirst()
				.orElse(null), (entry) -> entry != null);
	}

	private static String tokenOf(JsonNode page) {
		return page.get("nextPageToken").stringValue();
	}

	private static List<String> correlationIds(JsonNode page) {
		return page.get("items").valueStream().map((entry) -> entry.get("correlationId").stringValue()).toList();
	}

	/** Waits until the whole capacity of the queue is available. */
	private void awaitEmptyQueue() {
		Awaitility.await().until(() -> this.meters.get("sagamart.audit.waiting").gauge().value() == 0);
	}

	private double dropped() {
		return this.meters.get("sagamart.audit.dropped").counter().count();
	}

}
