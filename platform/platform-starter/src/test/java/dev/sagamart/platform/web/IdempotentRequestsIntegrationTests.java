package dev.sagamart.platform.web;

import dev.sagamart.platform.sample.SampleController.Gate;
import dev.sagamart.platform.sample.SampleTest;
import dev.sagamart.platform.test.TestTokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@SampleTest
class IdempotentRequestsIntegrationTests {

	@Autowired
	RestTestClient client;

	@Autowired
	TestTokens tokens;

	@Autowired
	JdbcTemplate jdbc;

	@Autowired
	PlatformTransactionManager transactions;

	@Autowired
	Gate gate;

	private final UUID user = UUID.randomUUID();

	@AfterEach
	void forgetTheRequest() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void theSameKeyAndBodyGetTheFirstAnswerAgain() {
		String note = note();
		EntityExchangeResult<byte[]> first = order("key-1", note);
		assertThat(first.getStatus()).isEqualTo(HttpStatus.CREATED);
		assertThat(first.getResponseHeaders().containsHeader("Idempotent-Replayed")).isFalse();
		EntityExchangeResult<byte[]> second = order("key-1", note);
		assertThat(second.getStatus()).isEqualTo(HttpStatus.CREATED);
		assertThat(second.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertThat(second.getResponseHeaders().getLocation()).isEqualTo(first.getResponseHeaders().getLocation());
		assertThat(second.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_JSON);
		assertThat(second.getResponseBody()).isEqualTo(first.getResponseBody()).isNotEmpty();
		assertThat(ordersOf(note)).isEqualTo(1);
	}

	@Test
	void whatIsRecordedCanBeNeitherReadNorGuessed() {
		String note = note();
		EntityExchangeResult<byte[]> first = order("key-encrypted", note);
		Map<String, Object> row = this.jdbc.queryForMap(
				"select body, body_hash, encrypted from idempotency_key where caller = ?", this.user.toString());
		assertThat(row).containsEntry("encrypted", true);
		assertThat(new String(first.getResponseBody(), StandardCharsets.UTF_8)).contains(note);
		assertThat(new String((byte[]) row.get("body"), StandardCharsets.ISO_8859_1)).doesNotContain(note);
		byte[] guess = sha256("{\"note\":\"" + note + "\"}");
		assertThat((byte[]) row.get("body_hash")).isNotEqualTo(guess);
		this.jdbc.update("update idempotency_key set body = ?, body_hash = ?, encrypted = false where caller = ?",
				first.getResponseBody(), guess, this.user.toString());
		assertThat(order("key-encrypted", note).getResponseBody()).as("as a version before recorded it")
			.isEqualTo(first.getResponseBody());
	}

	@Test
	void theFormOfTheJsonDoesNotMatter() {
		String note = note();
		order("key-2", note);
		EntityExchangeResult<byte[]> again = post("/orders", "key-2", "{\n  \"note\" : \"" + note + "\" }");
		assertThat(again.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
	}

	@Test
	void anotherBodyUnderTheSameKeyIsRefused() {
		order("key-3", note());
		String other = note();
		ApiConventionsIntegrationTests.problem(order("key-3", other), 422, "IDEMPOTENCY_KEY_REUSED");
		assertThat(ordersOf(other)).isZero();
	}

	@Test
	void aKeyBelongsToItsCallerAndEndpoint() {
		String note = note();
		order("key-4", note);
		EntityExchangeResult<byte[]> other = this.client.post()
			.uri("/orders")
			.headers((headers) -> headers.setBearerAuth(this.tokens.customer(UUID.randomUUID())))
			.header("Idempotency-Key", "key-4")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("note", note))
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(other.getResponseHeaders().containsHeader("Idempotent-Replayed")).isFalse();
		assertThat(ordersOf(note)).isEqualTo(2);
		UUID id = UUID.fromString("018f4e5a-0000-7000-8000-00000000000a");
		assertThat(refund(id.toString(), "key-4")).isNull();
		assertThat(refund(id.toString().toUpperCase(Locale.ROOT), "key-4")).isEqualTo("true");
		assertThat(refund(UUID.randomUUID().toString(), "key-4")).isNull();
	}

	@Test
	void whatIsRecordedForAUserCanBeForgotten() {
		UUID other = UUID.randomUUID();
		instance(Clock.systemUTC()).forget(other);
		String note = note();
		order("key-forgotten", note);
		instance(Clock.systemUTC()).forget(other);
		assertThat(answersOf(this.user)).isEqualTo(1);
		instance(Clock.systemUTC()).forget(this.user);
		assertThat(answersOf(this.user)).isZero();
		assertThat(order("key-forgotten", note).getResponseHeaders().containsHeader("Idempotent-Replayed")).isFalse();
	}

	private int answersOf(UUID caller) {
		return Objects.requireNonNull(this.jdbc.queryForObject("select count(*) from idempotency_key where caller = ?",
				Integer.class, caller.toString()));
	}

	@Test
	void aRequestThatIsStillRunningIsAConflict() throws Exception {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<EntityExchangeResult<byte[]>> first = executor.submit(() -> order("key-5", "slow"));
			this.gate.awaitArrival();
			ApiConventionsIntegrationTests.problem(order("key-5", "slow"), 409, "IDEMPOTENCY_KEY_IN_USE");
			this.gate.open();
			assertThat(first.get().getStatus()).isEqualTo(HttpStatus.CREATED);
		}
		assertThat(order("key-5", "slow").getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertThat(ordersOf("slow")).isEqualTo(1);
	}

	@Test
	void ofManyAtOnceOneIsCarriedOut() throws Exception {
		String note = note();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<EntityExchangeResult<byte[]>>> calls = IntStream.range(0, 20)
				.<Callable<EntityExchangeResult<byte[]>>>mapToObj((_) -> () -> order("key-6", note))
				.toList();
			List<byte[]> bodies = new ArrayList<>();
			for (Future<EntityExchangeResult<byte[]>> answer : executor.invokeAll(calls)) {
				EntityExchangeResult<byte[]> result = answer.get();
				assertThat(result.getStatus()).isIn(HttpStatus.CREATED, HttpStatus.CONFLICT);
				if (result.getStatus() == HttpStatus.CREATED) {
					bodies.add(result.getResponseBody());
				}
			}
			assertThat(bodies).isNotEmpty().allSatisfy((body) -> assertThat(body).isEqualTo(bodies.getFirst()));
		}
		assertThat(ordersOf(note)).isEqualTo(1);
	}

	@Test
	void workThatThrowsLeavesNothingAndFreesTheKey() {
		ApiConventionsIntegrationTests.problem(order("key-7", "crash"), 500, "INTERNAL_ERROR");
		assertThat(ordersOf("crash")).isZero();
		assertThat(order("key-7", note()).getStatus()).isEqualTo(HttpStatus.CREATED);
	}

	@Test
	void anAnswerThatAsksToTryAgainIsNotKept() {
		assertThat(order("key-8", "unavailable").getStatus()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(ordersOf("unavailable")).isZero();
		assertThat(order("key-8", "unavailable").getResponseHeaders().containsHeader("Idempotent-Replayed")).isFalse();
	}

	@Test
	void aRefusalIsAnAnswerLikeAnyOther() {
		assertThat(order("key-9", "refused").getStatus()).isEqualTo(HttpStatus.CONFLICT);
		EntityExchangeResult<byte[]> again = order("key-9", "refused");
		assertThat(again.getStatus()).isEqualTo(HttpStatus.CONFLICT);
		assertThat(again.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
	}

	@Test
	void aKeyIsNeeded() {
		ApiConventionsIntegrationTests.problem(order(null, note()), 400, "IDEMPOTENCY_KEY_MISSING");
		ApiConventionsIntegrationTests.problem(
				post("/orders/" + UUID.randomUUID() + "/refunds", null, "{\"note\":\"a\"}"), 400,
				"IDEMPOTENCY_KEY_MISSING");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
	void aKeyIsVisibleAsciiOfBoundedLength(String key) {
		ApiConventionsIntegrationTests.problem(order(key, note()), 400, "IDEMPOTENCY_KEY_INVALID");
	}

	@Test
	void theLongestKeyIsTaken() {
		assertThat(order("~".repeat(255), note()).getStatus()).isEqualTo(HttpStatus.CREATED);
	}

	@Test
	void anotherInstanceGivesTheAnswerAgain() {
		String key = note();
		assertThat(runOn(instance(Clock.systemUTC()), key, "b", 1).getStatusCode()).isEqualTo(HttpStatus.OK);
		ResponseEntity<?> again = runOn(instance(Clock.systemUTC()), key, "b", 2);
		assertThat(again.getHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertThat(new String((byte[]) Objects.requireNonNull(again.getBody()))).isEqualTo("1");
	}

	@Test
	void aKeyIsForgottenAfterADay() {
		String key = note();
		Instant now = Instant.now();
		runOn(instance(Clock.fixed(now, ZoneOffset.UTC)), key, "b", 1);
		Clock almost = Clock.fixed(now.plus(Duration.ofHours(24)).minusSeconds(1), ZoneOffset.UTC);
		assertThat(runOn(instance(almost), key, "b", 2).getHeaders().containsHeader("Idempotent-Replayed")).isTrue();
		Clock tomorrow = Clock.fixed(now.plus(Duration.ofHours(24)), ZoneOffset.UTC);
		ResponseEntity<?> fresh = runOn(instance(tomorrow), key, "other", 3);
		assertThat(fresh.getHeaders().containsHeader("Idempotent-Replayed")).isFalse();
		assertThat(runOn(instance(tomorrow), key, "other", 4).getHeaders().containsHeader("Idempotent-Replayed"))
			.isTrue();
	}

	@Test
	void expiredKeysAreRemoved() {
		String key = note();
		Instant now = Instant.now();
		runOn(instance(Clock.fixed(now, ZoneOffset.UTC)), key, "b", 1);
		instance(Clock.fixed(now, ZoneOffset.UTC)).removeExpired();
		assertThat(keysCalled(key)).isEqualTo(1);
		this.jdbc.update("insert into idempotency_key (caller, endpoint, key, body_hash, created_at)"
				+ " select 'crowd', 'POST', 'k' || n, '', now() - interval '2 days' from generate_series(1, 2500) n");
		instance(Clock.fixed(now.plus(Duration.ofHours(24)), ZoneOffset.UTC)).removeExpired();
		// The service's own cleaner may be at some of them, and those are left to it.
		await().untilAsserted(() -> {
			assertThat(keysCalled(key)).isZero();
			assertThat(
					this.jdbc.queryForObject("select count(*) from idempotency_key where caller = 'crowd'", Long.class))
				.isZero();
		});
	}

	@Test
	void theLatestTenThousandOfACallerAreKept() {
		String key = note();
		IdempotentRequests requests = instance(Clock.systemUTC());
		runOn(requests, key, "b", 1);
		this.jdbc.update("insert into idempotency_key (caller, endpoint, key, body_hash, created_at)"
				+ " select 'busy', 'POST', 'k' || n, '', now() - n * interval '1 second' from generate_series(1, 12500) n");
		// the service's own cleaner may be at some of them, and those are left to it
		await().untilAsserted(() -> {
			requests.removeSurplus();
			assertThat(this.jdbc.queryForList(
					"select max(substr(key, 2)::int) from idempotency_key where caller = 'busy' having count(*) = 10000",
					Integer.class))
				.containsExactly(10_000);
		});
		assertThat(keysCalled(key)).isEqualTo(1);
	}

	@Test
	void whoCommitsBetweenTheLookAndTheLockIsNoticed() {
		String key = note();
		IdempotentRequests requests = instance(Clock.systemUTC());
		AtomicInteger runs = new AtomicInteger();
		ResponseEntity<?> answer = inRequest(() -> requests.run(key, "b", () -> {
			if (runs.incrementAndGet() == 1) {
				// as if the other's commit came after our snapshot: its row appears
				// without its lock
				new TransactionTemplate(this.transactions,
						new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW))
					.executeWithoutResult((_) -> this.jdbc.update(
							"insert into idempotency_key values ('', 'POST /somewhere', ?, ?, 200, null, 'text/plain', ?, now())",
							key, sha256("\"b\""), "theirs".getBytes(StandardCharsets.UTF_8)));
			}
			return ResponseEntity.ok("ours");
		}));
		assertThat(runs).hasValue(1);
		assertThat(new String((byte[]) Objects.requireNonNull(answer.getBody()))).isEqualTo("theirs");
	}

	private static byte[] sha256(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

	private IdempotentRequests instance(Clock clock) {
		return new IdempotentRequests(this.jdbc, new TransactionTemplate(this.transactions),
				JsonMapper.builder().build(), clock, "sample-service", null);
	}

	private ResponseEntity<?> runOn(IdempotentRequests requests, String key, String body, int answer) {
		return inRequest(() -> requests.run(key, body, () -> ResponseEntity.ok(answer)));
	}

	private static ResponseEntity<?> inRequest(Supplier<ResponseEntity<?>> call) {
		RequestContextHolder
			.setRequestAttributes(new ServletRequestAttributes(new MockHttpServletRequest("POST", "/somewhere")));
		return call.get();
	}

	@Test
	void outsideOfARequestThereIsNoScope() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> instance(Clock.systemUTC()).run("k", "b", () -> ResponseEntity.ok().build()));
	}

	private long keysCalled(String key) {
		return this.jdbc.queryForObject("select count(*) from idempotency_key where key = ?", Long.class, key);
	}

	private long ordersOf(String note) {
		return this.jdbc.queryForObject("select count(*) from sample_order where note = ?", Long.class, note);
	}

	private static String note() {
		return UUID.randomUUID().toString();
	}

	private EntityExchangeResult<byte[]> order(@Nullable String key, String note) {
		return post("/orders", key, "{\"note\":\"" + note + "\"}");
	}

	private @Nullable String refund(String id, String key) {
		EntityExchangeResult<byte[]> result = post("/orders/" + id + "/refunds", key, "{\"note\":\"a\"}");
		assertThat(result.getStatus()).isEqualTo(HttpStatus.NO_CONTENT);
		assertThat(result.getResponseBody()).isNullOrEmpty();
		return result.getResponseHeaders().getFirst("Idempotent-Replayed");
	}

	private EntityExchangeResult<byte[]> post(String uri, @Nullable String key, String body) {
		return this.client.post().uri(uri).headers((headers) -> {
			headers.setBearerAuth(this.tokens.customer(this.user));
			if (key != null) {
				headers.set("Idempotency-Key", key);
			}
		}).contentType(MediaType.APPLICATION_JSON).body(body).exchange().expectBody().returnResult();
	}

}
