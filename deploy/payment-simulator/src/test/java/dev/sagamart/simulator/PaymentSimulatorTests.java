package dev.sagamart.simulator;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.ChargeListParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests the simulator with Stripe's own client. */
class PaymentSimulatorTests extends SimulatorTest {

	@Test
	void authorisesCapturesAndRefundsInParts() throws StripeException {
		PaymentIntent held = authorise("pm_card_visa", 1999, key());
		assertThat(held.getStatus()).isEqualTo("requires_capture");
		assertThat(held.getAmountCapturable()).isEqualTo(1999);
		assertThat(held.getMetadata()).containsEntry("order_id", "o \"1\"\n");

		PaymentIntent captured = capture(held, key());
		assertThat(captured.getStatus()).isEqualTo("succeeded");
		assertThat(captured.getAmountReceived()).isEqualTo(1999);

		Refund part = refund(held, 500L, key());
		assertThat(part.getAmount()).isEqualTo(500);
		assertThat(part.getStatus()).isEqualTo("succeeded");
		assertRefused("amount_too_large", () -> refund(held, 1500L, key()));
		assertRefused("parameter_invalid_integer", () -> refund(held, -1L, key()));
		assertThat(refund(held, null, key()).getAmount()).isEqualTo(1499);
		assertRefused("charge_already_refunded", () -> refund(held, 1L, key()));

		Charge charge = this.stripe.v1().charges().list().getData().getFirst();
		assertThat(charge.getAmountCaptured()).isEqualTo(1999);
		assertThat(charge.getAmountRefunded()).isEqualTo(1999);
		assertThat(charge.getPaymentIntent()).isEqualTo(held.getId());
		assertThat(this.stripe.v1().refunds().retrieve(part.getId()).getPaymentIntent()).isEqualTo(held.getId());
	}

	@Test
	void cancelsAHoldOnce() throws StripeException {
		PaymentIntent held = authorise("pm_card_mastercard", 100, key());
		assertThat(cancel(held, key()).getStatus()).isEqualTo("canceled");
		assertRefused("payment_intent_unexpected_state", () -> cancel(held, key()));
		assertRefused("payment_intent_unexpected_state", () -> capture(held, key()));
		assertRefused("payment_intent_unexpected_state", () -> refund(held, null, key()));
	}

	@Test
	void capturesAPartAndNoMoreThanHeld() throws StripeException {
		PaymentIntent held = authorise("pm_card_visa", 100, key());
		assertRefused("amount_too_large",
				() -> this.stripe.v1()
					.paymentIntents()
					.capture(held.getId(), PaymentIntentCaptureParams.builder().setAmountToCapture(101L).build()));
		PaymentIntent captured = this.stripe.v1()
			.paymentIntents()
			.capture(held.getId(), PaymentIntentCaptureParams.builder().setAmountToCapture(60L).build());
		assertThat(captured.getAmountReceived()).isEqualTo(60);
	}

	@ParameterizedTest
	@CsvSource({ "pm_card_chargeDeclined, generic_decline",
			"pm_card_chargeDeclinedInsufficientFunds, insufficient_funds" })
	void declinesCards(String method, String declineCode) {
		String key = key();
		assertDeclined(declineCode, () -> authorise(method, 100, key));
		assertDeclined(declineCode, () -> authorise(method, 100, key));
	}

	@Test
	void declinesTheCaptureOnly() throws StripeException {
		PaymentIntent held = authorise("pm_sim_capture_declined", 100, key());
		assertDeclined("generic_decline", () -> capture(held, key()));
		assertThat(cancel(held, key()).getStatus()).isEqualTo("canceled");
	}

	@Test
	void confirmsAnIntentLater() throws StripeException {
		PaymentIntent intent = this.stripe.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder().setAmount(5L).setCurrency("jpy").build());
		assertThat(intent.getStatus()).isEqualTo("requires_payment_method");
		assertRefused("payment_intent_unexpected_state",
				() -> this.stripe.v1().paymentIntents().confirm(intent.getId()));
		assertRefused("resource_missing", () -> confirm(intent, "pm_nobody"));
		assertThat(confirm(intent, "pm_card_visa").getStatus()).isEqualTo("succeeded");
		assertRefused("payment_intent_unexpected_state", () -> confirm(intent, "pm_card_visa"));
		assertRefused("payment_intent_unexpected_state", () -> cancel(intent, key()));
		PaymentIntent declined = this.stripe.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder()
				.setAmount(5L)
				.setCurrency("jpy")
				.setPaymentMethod("pm_card_chargeDeclined")
				.build());
		assertThat(declined.getStatus()).isEqualTo("requires_confirmation");
		assertDeclined("generic_decline", () -> this.stripe.v1().paymentIntents().confirm(declined.getId()));
		assertThat(confirm(declined, "pm_card_visa").getStatus()).isEqualTo("succeeded");
	}

	@Test
	void replaysTheReplyOfAKeyEvenAfterARestart() throws Exception {
		String key = key();
		PaymentIntent first = authorise("pm_card_visa", 700, key);
		assertThat(authorise("pm_card_visa", 700, key).getId()).isEqualTo(first.getId());
		PaymentIntent captured = capture(first, key + "c");
		Refund refund = refund(captured, 200L, key + "r");
		assertDeclined("generic_decline", () -> authorise("pm_card_chargeDeclined", 9, key + "d"));

		restart();

		PaymentIntent again = authorise("pm_card_visa", 700, key);
		assertThat(again.getId()).isEqualTo(first.getId());
		assertThat(again.getStatus()).isEqualTo("requires_capture");
		assertThat(again.getLastResponse().headers().firstValue("Idempotent-Replayed")).contains("true");
		assertThat(refund(captured, 200L, key + "r").getId()).isEqualTo(refund.getId());
		assertDeclined("generic_decline", () -> authorise("pm_card_chargeDeclined", 9, key + "d"));
		PaymentIntent now = this.stripe.v1().paymentIntents().retrieve(first.getId());
		assertThat(now.getAmountReceived()).isEqualTo(700);
		assertThat(this.stripe.v1().refunds().list().getData()).hasSize(1);
		assertThat(this.stripe.v1().paymentIntents().list().getData()).hasSize(2);
	}

	@Test
	void rejectsAKeyWithAnotherBody() throws StripeException {
		String key = key();
		authorise("pm_card_visa", 700, key);
		assertThatExceptionOfType(IdempotencyException.class).isThrownBy(() -> authorise("pm_card_visa", 701, key));
	}

	@Test
	void losesTheFirstReplyOfEachKeyAfterTheOperation() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			HttpRequest request = rawPost("/v1/payment_intents",
					"amount=5&currency=eur&confirm=true&capture_method=manual&payment_method=pm_sim_lost_reply")
				.header("Idempotency-Key", "lost")
				.build();
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> http.send(request, HttpResponse.BodyHandlers.ofString()));
			HttpResponse<String> again = http.send(request, HttpResponse.BodyHandlers.ofString());
			assertThat(again.statusCode()).isEqualTo(200);
			assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
			HttpRequest tooLong = rawPost("/v1/payment_intents", "amount=5").header("Idempotency-Key", "k".repeat(256))
				.build();
			assertThat(status(http, tooLong)).isEqualTo(400);
		}
		assertThat(this.stripe.v1().paymentIntents().list().getData()).hasSize(1);
	}

	@Test
	void failsTwiceForEachOperationOfAFlakyPayment() throws StripeException {
		String key = key();
		assertFails(500, () -> authorise("pm_sim_flaky", 100, key));
		assertFails(500, () -> authorise("pm_sim_flaky", 100, key));
		PaymentIntent held = authorise("pm_sim_flaky", 100, key);
		assertFails(500, () -> capture(held, key + "c"));
		assertFails(500, () -> capture(held, key + "c"));
		assertThat(capture(held, key + "c").getAmountReceived()).isEqualTo(100);
	}

	@Test
	void repliesToASlowAuthorisationLateAndRejectsItsKeyMeanwhile() throws Exception {
		this.simulator.faults().slowAnswer(Duration.ofMinutes(10));
		String key = key();
		CountDownLatch sent = new CountDownLatch(1);
		CompletableFuture<PaymentIntent> slow = CompletableFuture.supplyAsync(() -> {
			sent.countDown();
			try {
				return authorise("pm_sim_slow", 100, key);
			}
			catch (StripeException ex) {
				throw new CompletionException(ex);
			}
		});
		sent.await();
		await().until(() -> !this.stripe.v1().paymentIntents().list().getData().isEmpty());
		assertFails(409, () -> authorise("pm_sim_slow", 100, key));
		this.simulator.faults().slowAnswer(Duration.ZERO);
		PaymentIntent held = slow.get();
		assertThat(authorise("pm_sim_slow", 100, key).getId()).isEqualTo(held.getId());
		assertThat(capture(held, key()).getStatus()).isEqualTo("succeeded");
	}

	@Test
	void executesCallsWithoutAKey() throws Exception {
		this.simulator.faults().slowAnswer(Duration.ofMillis(10));
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (String method : List.of("pm_sim_slow", "pm_sim_lost_reply", "pm_card_visa")) {
				HttpRequest request = rawPost("/v1/payment_intents",
						"amount=5&currency=eur&confirm=true&capture_method=manual&payment_method=" + method)
					.build();
				assertThat(status(http, request)).isEqualTo(200);
			}
			HttpRequest flaky = rawPost("/v1/payment_intents",
					"amount=5&currency=eur&confirm=true&payment_method=pm_sim_flaky")
				.build();
			assertThat(List.of(status(http, flaky), status(http, flaky), status(http, flaky))).containsExactly(500, 500,
					200);
		}
	}

	@Test
	void validatesRequests() {
		PaymentIntentCreateParams noMoney = PaymentIntentCreateParams.builder().setCurrency("eur").build();
		assertRefused("parameter_missing", () -> this.stripe.v1().paymentIntents().create(noMoney));
		assertRefused("parameter_missing",
				() -> this.stripe.v1()
					.paymentIntents()
					.create(PaymentIntentCreateParams.builder().setAmount(1L).build()));
		assertRefused("parameter_invalid_integer", () -> authorise("pm_card_visa", -1, key()));
		assertRefused("resource_missing", () -> authorise("pm_nobody", 1, key()));
		assertRefused("parameter_invalid_empty",
				() -> this.stripe.v1()
					.paymentIntents()
					.create(PaymentIntentCreateParams.builder().setAmount(1L).setCurrency("euro").build()));
		assertRefused("resource_missing", () -> this.stripe.v1().paymentIntents().retrieve("pi_none"));
		assertRefused("resource_missing", () -> this.stripe.v1().paymentIntents().capture("pi_none"));
		assertRefused("resource_missing", () -> this.stripe.v1().refunds().retrieve("re_none"));
		assertRefused("resource_missing",
				() -> this.stripe.v1().refunds().create(RefundCreateParams.builder().setCharge("ch_none").build()));
		assertRefused("resource_missing",
				() -> this.stripe.v1().refunds().create(RefundCreateParams.builder().build()));
		assertRefused("resource_missing",
				() -> this.stripe.v1().refunds().list(RefundListParams.builder().setStartingAfter("re_none").build()));
	}

	@Test
	void listsNewestFirstPageByPage() throws StripeException {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			PaymentIntent intent = authorise("pm_card_visa", 100 + i, key());
			ids.addFirst(intent.getId());
			capture(intent, key());
			refund(intent, 10L, key());
		}
		List<String> listed = new ArrayList<>();
		this.stripe.v1()
			.paymentIntents()
			.list(PaymentIntentListParams.builder().setLimit(2L).build())
			.autoPagingIterable()
			.forEach((intent) -> listed.add(intent.getId()));
		assertThat(listed).isEqualTo(ids);
		List<String> charged = new ArrayList<>();
		this.stripe.v1()
			.charges()
			.list(ChargeListParams.builder().setLimit(2L).build())
			.autoPagingIterable()
			.forEach((charge) -> charged.add(charge.getPaymentIntent()));
		assertThat(charged).isEqualTo(ids);
		List<String> refunded = new ArrayList<>();
		this.stripe.v1()
			.refunds()
			.list(RefundListParams.builder().setLimit(2L).build())
			.autoPagingIterable()
			.forEach((refund) -> refunded.add(refund.getPaymentIntent()));
		assertThat(refunded).isEqualTo(ids);
		assertThat(this.stripe.v1()
			.charges()
			.list(ChargeListParams.builder().setPaymentIntent(ids.get(2)).build())
			.getData()).hasSize(1);
		assertThat(this.stripe.v1()
			.refunds()
			.list(RefundListParams.builder().setPaymentIntent(ids.get(2)).build())
			.getData()).hasSize(1);
		assertThat(this.stripe.v1()
			.paymentIntents()
			.list(PaymentIntentListParams.builder()
				.setCreated(PaymentIntentListParams.Created.builder().setLt(1L).build())
				.build())
			.getData()).isEmpty();
	}

	@Test
	void findsThePaymentsOfAnOrder() throws StripeException {
		PaymentIntent intent = this.stripe.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder()
				.setAmount(1L)
				.setCurrency("eur")
				.putMetadata("order_id", "order-7")
				.build());
		assertThat(this.stripe.v1()
			.paymentIntents()
			.search(PaymentIntentSearchParams.builder().setQuery("metadata['order_id']:'order-7'").build())
			.getData()).extracting(PaymentIntent::getId).containsExactly(intent.getId());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.stripe.v1()
			.paymentIntents()
			.search(PaymentIntentSearchParams.builder().setQuery("amount>1").build()));
	}

	@Test
	void requiresAnApiKey() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			HttpRequest request = HttpRequest.newBuilder(this.simulator.url().resolve("/v1/charges")).build();
			HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(response.body()).contains("invalid_request_error");
		}
	}

	@Test
	void canBeDownAndSlow() throws Exception {
		this.simulator.faults().down(true);
		assertThatExceptionOfType(ApiConnectionException.class).isThrownBy(() -> authorise("pm_card_visa", 100, key()));
		this.simulator.faults().down(false);
		this.simulator.faults().delay(Duration.ofMillis(20));
		assertThat(authorise("pm_card_visa", 100, key()).getStatus()).isEqualTo("requires_capture");
		assertThat(this.stripe.v1().paymentIntents().list().getData()).hasSize(1);
	}

	@Test
	void rejectsUnknownPathsAndInvalidRequests() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			assertThat(status(http, HttpRequest.newBuilder(uri("/health")).build())).isEqualTo(200);
			assertThat(status(http, HttpRequest.newBuilder(uri("/nothing")).build())).isEqualTo(404);
			for (String path : List.of("/v1/nothing", "/v1/payment_intents/a/b")) {
				HttpRequest get = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer sk").build();
				assertThat(status(http, get)).isEqualTo(404);
				assertThat(status(http, rawPost(path, "").build())).isEqualTo(404);
			}
			assertThat(status(http,
					HttpRequest.newBuilder(uri("/v1/charges?limit=x")).header("Authorization", "Basic c2s6").build()))
				.isEqualTo(400);
			assertThat(status(http, rawPost("/v1/payment_intents", "amount=%zz").build())).isEqualTo(400);
			assertThat(status(http,
					rawPost("/v1/payment_intents", "amount=1").method("DELETE", HttpRequest.BodyPublishers.noBody())
						.build()))
				.isEqualTo(404);
			assertThat(status(http, rawPost("/simulator/faults", "down=true&delay_ms=abc").build())).isEqualTo(400);
			assertThat(this.simulator.faults().isDown()).isFalse();
			assertThat(status(http, rawPost("/simulator/faults", "down=true&delay_ms=1").build())).isEqualTo(200);
			assertThat(this.simulator.faults().isDown()).isTrue();
			assertThat(status(http, rawPost("/simulator/faults", "").build())).isEqualTo(200);
		}
	}

	@Test
	void isConfiguredByItsEnvironment() throws IOException {
		Settings settings = Settings.from(Map.of("PORT", "0", "DATA_DIR", this.directory.resolve("other").toString()));
		try (PaymentSimulator other = PaymentSimulator.start(settings, InstantSource.system())) {
			assertThat(other.url().getPort()).isPositive();
			assertThat(other.url().getHost()).isEqualTo("127.0.0.1");
		}
		restartWith(Map.of("HOST", "0.0.0.0"));
		assertThat(this.simulator.url()).hasHost("localhost").hasPort(this.simulator.port());
	}

}
