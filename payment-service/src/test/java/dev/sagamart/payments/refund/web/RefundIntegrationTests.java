package dev.sagamart.payments.refund.web;

import com.stripe.param.RefundCreateParams;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.PaymentServiceTest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RefundIntegrationTests extends PaymentServiceTest {

	@Test
	void refundsInPartsButNeverMoreThanWasCaptured() {
		UUID orderId = captured();
		EntityExchangeResult<byte[]> first = refund(admin(), paymentId(orderId), 500, "one");
		assertThat(first.getStatus().value()).isEqualTo(201);
		assertThat(first.getResponseHeaders().getLocation()).hasToString("/api/v1/payments/" + paymentId(orderId));
		assertThat(json(first).path("status").asString()).isEqualTo("PENDING");
		assertThat(json(first).path("amount").path("amount").asLong()).isEqualTo(500);
		assertThat(this.kafka.await(PaymentRefunded.class, orderId))
			.isEqualTo(new PaymentRefunded(orderId, paymentId(orderId), eur(500), eur(1499)));
		assertThat(payment(orderId).path("status").asString()).isEqualTo("PARTIALLY_REFUNDED");

		assertProblem(422, "REFUND_EXCEEDS_CAPTURE", refund(admin(), paymentId(orderId), 1500, "two"));

		assertThat(refund(admin(), paymentId(orderId), 1499, "three").getStatus().value()).isEqualTo(201);
		assertThat(this.kafka.await(PaymentRefunded.class, orderId, 2).getLast().remaining()).isEqualTo(eur(0));
		assertThat(payment(orderId).path("status").asString()).isEqualTo("REFUNDED");
		assertProblem(422, "REFUND_EXCEEDS_CAPTURE", refund(admin(), paymentId(orderId), 1, "four"));
		this.kafka.send(new RefundPayment(orderId));
		assertThat(this.kafka.await(PaymentRefunded.class, orderId, 3).getLast())
			.isEqualTo(new PaymentRefunded(orderId, paymentId(orderId), eur(1499), eur(0)));
	}

	@Test
	void theSagaRefundsTheRest() {
		UUID orderId = captured();
		SIMULATOR.faults().delay(Duration.ofMillis(300));
		refund(admin(), paymentId(orderId), 999, "part");
		this.kafka.send(new RefundPayment(orderId));
		await().until(() -> refund(admin(), paymentId(orderId), 1, UUID.randomUUID().toString()).getStatus().value(),
				(status) -> status == 422);
		this.kafka.await((heard) -> heard.as(PaymentRefunded.class)
			.filter((refunded) -> refunded.orderId().equals(orderId) && refunded.remaining().signum() == 0)
			.isPresent());
		assertThat(payment(orderId).path("status").asString()).isEqualTo("REFUNDED");
	}

	@Test
	void refundsOncePerIdempotencyKey() {
		UUID orderId = captured();
		String admin = admin();
		EntityExchangeResult<byte[]> first = refund(admin, paymentId(orderId), 700, "same");
		EntityExchangeResult<byte[]> again = refund(admin, paymentId(orderId), 700, "same");
		assertThat(again.getStatus().value()).isEqualTo(201);
		assertThat(json(again)).isEqualTo(json(first));
		assertThat(again.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertProblem(422, "IDEMPOTENCY_KEY_REUSED", refund(admin, paymentId(orderId), 701, "same"));
		this.kafka.await(PaymentRefunded.class, orderId);
		assertThat(refunds(orderId)).isEqualTo(1);
	}

	@Test
	void concurrentRefundsNeverExceedTheCapture() throws Exception {
		UUID orderId = captured();
		UUID paymentId = paymentId(orderId);
		String admin = admin();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Integer>> requests = Stream
				.<Callable<Integer>>generate(
						() -> () -> refund(admin, paymentId, 600, UUID.randomUUID().toString()).getStatus().value())
				.limit(8)
				.toList();
			int accepted = 0;
			for (Future<Integer> status : threads.invokeAll(requests)) {
				assertThat(status.get()).isIn(201, 422);
				accepted += (status.get() == 201) ? 1 : 0;
			}
			assertThat(accepted).isEqualTo(3);
		}
		assertThat(this.kafka.await(PaymentRefunded.class, orderId, 3).getLast().remaining()).isEqualTo(eur(199));
		assertThat(payment(orderId).path("refunded").path("amount").asLong()).isEqualTo(1800);
	}

	@Test
	void refusesARefundBeforeTheCapture() {
		assertProblem(409, "NOTHING_CAPTURED", refund(admin(), paymentId(authorised("pm_card_visa")), 1, "early"));
		UUID undone = UUID.randomUUID();
		this.kafka.send(new VoidPayment(undone));
		UUID tombstone = this.kafka.await(PaymentVoided.class, undone).paymentId();
		assertProblem(404, "NOT_FOUND", refund(admin(), tombstone, 1, "tombstone"));
		assertProblem(404, "NOT_FOUND", refund(admin(), UUID.randomUUID(), 1, "nobody"));
		this.api.get()
			.uri("/api/v1/payments/{id}", tombstone)
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + admin())
			.exchange()
			.expectStatus()
			.isNotFound();
	}

	@Test
	void declinesARefundThatTheProviderRefuses() throws Exception {
		UUID orderId = captured();
		PROVIDER.v1()
			.refunds()
			.create(RefundCreateParams.builder().setPaymentIntent(atProvider(orderId).getFirst().getId()).build());
		// The event of the refund at the provider may have been taken over already.
		assertThat(refund(admin(), paymentId(orderId), 100, "late").getStatus().value()).isIn(201, 422);
		PaymentRefunded refunded = this.kafka.await(PaymentRefunded.class, orderId);
		assertThat(refunded.remaining().signum()).isZero();
		await().untilAsserted(
				() -> assertThat(this.jdbc.sql("SELECT outcome FROM operation WHERE payment_id = ? AND kind = 'REFUND'")
					.param(paymentId(orderId))
					.query(String.class)
					.list()).allMatch("DECLINED"::equals));
		assertThat(payment(orderId).path("status").asString()).isEqualTo("REFUNDED");
		assertThat(this.kafka.received(PaymentRefunded.class, orderId)).hasSize(1);
	}

	@Test
	void listsRefundsWithTheirStatus() {
		UUID orderId = captured();
		UUID paymentId = paymentId(orderId);
		String path = "/api/v1/payments/" + paymentId + "/refunds";
		refund(admin(), paymentId, 500, "first");
		this.kafka.await(PaymentRefunded.class, orderId);
		SIMULATOR.faults().otherAccount(true);
		try {
			refund(admin(), paymentId, 100, "second");
			await().until(() -> get(admin(), path).path("items").get(0).path("status").asString(), "DECLINED"::equals);
		}
		finally {
			SIMULATOR.faults().otherAccount(false);
		}
		JsonNode refused = get(admin(), path + "?pageSize=1");
		assertThat(refused.path("items").get(0).path("amount").path("amount").asLong()).isEqualTo(100);
		assertThat(refused.path("items").get(0).path("failure").path("code").asString())
			.isEqualTo("UNKNOWN_TO_PROVIDER");
		JsonNode rest = get(admin(), path + "?pageToken={token}", refused.path("nextPageToken").asString());
		assertThat(rest.path("items")).hasSize(1);
		assertThat(rest.path("items").get(0).path("status").asString()).isEqualTo("DONE");
		assertThat(rest.path("items").get(0).path("failure").isNull()).isTrue();
		assertThat(rest.path("items").get(0).path("reason").asString()).isEqualTo("damaged");
		assertThat(get(admin(), "/api/v1/payments/" + paymentId).path("failure").isNull()).isTrue();
		assertStatus(404, admin(), "/api/v1/payments/" + UUID.randomUUID() + "/refunds");
		assertStatus(403, this.tokens.customer(PaymentFixtures.BUYER), path);
		assertStatus(400, admin(), path + "?pageToken=f");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', nullValues = "-",
			value = { "{}; 422", "{\"amount\":null}; 422", "{\"amount\":{\"amount\":0,\"currency\":\"EUR\"}}; 422",
					"{\"amount\":{\"amount\":-5,\"currency\":\"EUR\"}}; 422",
					"{\"amount\":{\"amount\":5,\"currency\":\"USD\"}}; 422",
					"{\"amount\":{\"amount\":5,\"currency\":\"euros\"}}; 422", "{\"amount\":{\"amount\":5}}; 422",
					"{\"amount\":{\"amount\":5,\"currency\":\"EUR\"},\"captured\":1}; 422",
					"{\"amount\":{\"amount\":5.5,\"currency\":\"EUR\"}}; 400", "{\"amount\":5}; 400", "{; 400" })
	void refusesInvalidRequests(String body, int status) {
		UUID paymentId = paymentId(captured());
		assertThat(post(admin(), paymentId, body, UUID.randomUUID().toString()).getStatus().value()).isEqualTo(status);
	}

	@Test
	void refusesAmountsThatTheProviderCannotExpress() {
		UUID paymentId = paymentId(captured(new AuthorisePayment(UUID.randomUUID(), PaymentFixtures.BUYER,
				new Money(5120, "KWD"), "pm_card_visa")));
		EntityExchangeResult<byte[]> refused = post(admin(), paymentId, body(new Money(5, "KWD")), "five");
		assertProblem(422, "VALIDATION_FAILED", refused);
		assertThat(json(refused).path("errors").toString())
			.isEqualTo("[{\"field\":\"amount.amount\",\"message\":\"must be a multiple of 10\"}]");
		assertThat(post(admin(), paymentId, body(new Money(10, "KWD")), "ten").getStatus().value()).isEqualTo(201);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DEM", "HRK", "XAU", "USD", "euro" })
	void refundsOnlyInTheCurrencyOfThePayment(String currency) {
		String body = "{\"amount\":{\"amount\":5,\"currency\":\"" + currency + "\"}}";
		EntityExchangeResult<byte[]> refused = post(admin(), paymentId(authorised("pm_card_visa")), body, "x");
		assertProblem(422, "VALIDATION_FAILED", refused);
		assertThat(json(refused).path("errors").get(0).path("field").asString()).isEqualTo("amount.currency");
	}

	@Test
	void requiresAnIdempotencyKey() {
		UUID paymentId = paymentId(captured());
		assertThat(post(admin(), paymentId, body(eur(1)), null).getStatus().value()).isEqualTo(400);
		assertThat(post(admin(), paymentId, body(eur(1)), "k".repeat(256)).getStatus().value()).isEqualTo(400);
	}

	@Test
	void showsPaymentsOnlyToTheirOwnersAndToAdministrators() {
		AuthorisePayment command = PaymentFixtures.authorise(UUID.randomUUID(), "pm_card_visa");
		UUID paymentId = paymentId(captured(command));
		String owner = this.tokens.customer(command.userId());
		String stranger = this.tokens.customer(UUID.randomUUID());

		assertThat(get(owner, "/api/v1/payments/{id}", paymentId).path("amount").path("amount").asLong())
			.isEqualTo(1999);
		assertThat(get(owner, "/api/v1/payments?orderId={id}", command.orderId()).path("items")).hasSize(1);
		assertThat(get(admin(), "/api/v1/payments?orderId={id}", command.orderId()).path("items")).hasSize(1);
		assertThat(get(stranger, "/api/v1/payments?orderId={id}", command.orderId()).path("items")).isEmpty();
		assertStatus(404, stranger, "/api/v1/payments/" + paymentId);
		assertStatus(404, owner, "/api/v1/payments/" + UUID.randomUUID());
		assertStatus(400, owner, "/api/v1/payments/12");
		assertStatus(400, owner, "/api/v1/payments");
		assertStatus(401, null, "/api/v1/payments/" + paymentId);
		assertStatus(401, "nonsense", "/api/v1/payments/" + paymentId);
		assertStatus(401, null, "/api/v1/payments/reconciliation");
		assertStatus(403, owner, "/api/v1/payments/reconciliation");
		assertThat(post(owner, paymentId, body(eur(1)), "mine").getStatus().value()).isEqualTo(403);
		assertThat(post(null, paymentId, body(eur(1)), "nobody").getStatus().value()).isEqualTo(401);
		assertThat(refunds(command.orderId())).isZero();
	}

	private void assertStatus(int status, String token, String path) {
		RestTestClient.RequestHeadersSpec<?> request = this.api.get().uri(path);
		if (token != null) {
			request.header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
		}
		request.exchange().expectStatus().isEqualTo(status).expectBody().jsonPath("$.status").isEqualTo(status);
	}

	private static void assertProblem(int status, String code, EntityExchangeResult<byte[]> result) {
		assertThat(result.getStatus().value()).isEqualTo(status);
		assertThat(json(result).path("code").asString()).isEqualTo(code);
	}

	private EntityExchangeResult<byte[]> refund(String token, UUID paymentId, long cents, String key) {
		return post(token, paymentId, body(eur(cents)), key);
	}

	private static String body(Money amount) {
		return "{\"amount\":{\"amount\":%d,\"currency\":\"%s\"},\"reason\":\"damaged\"}".formatted(amount.amount(),
				amount.currency());
	}

	private EntityExchangeResult<byte[]> post(String token, UUID paymentId, String body, String key) {
		RestTestClient.RequestBodySpec request = this.api.post()
			.uri("/api/v1/payments/{id}/refunds", paymentId)
			.contentType(MediaType.APPLICATION_JSON);
		if (token != null) {
			request.header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
		}
		if (key != null) {
			request.header("Idempotency-Key", key);
		}
		return request.body(body).exchange().expectBody().returnResult();
	}

	private long refunds(UUID orderId) {
		return this.jdbc.sql("SELECT count(*) FROM operation WHERE payment_id = ? AND kind = 'REFUND'")
			.param(paymentId(orderId))
			.query(Long.class)
			.single();
	}

}
