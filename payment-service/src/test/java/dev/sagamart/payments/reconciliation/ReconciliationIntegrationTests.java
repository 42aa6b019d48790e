package dev.sagamart.payments.reconciliation;

import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.payments.PaymentServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Each test uses its own currency, so that it gets its own balance. */
class ReconciliationIntegrationTests extends PaymentServiceTest {

	@Test
	void findsNothingIfTheBooksAreEqual() {
		captured(payment("CHF", 1000));
		UUID refunded = captured(payment("CHF", 500));
		this.kafka.send(new RefundPayment(refunded));
		this.kafka.await(PaymentRefunded.class, refunded);

		JsonNode balance = balance("CHF").orElseThrow();
		assertAmount(balance, "captured", 1500);
		assertAmount(balance, "refunded", 500);
		assertAmount(balance, "providerCaptured", 1500);
		assertAmount(balance, "providerRefunded", 500);
		assertThat(balance.path("unmatched")).isEmpty();
	}

	@Test
	void takesOverARefundAtTheProvider() throws Exception {
		UUID orderId = captured(payment("SEK", 1000));
		PROVIDER.v1()
			.refunds()
			.create(RefundCreateParams.builder()
				.setPaymentIntent(atProvider(orderId).getFirst().getId())
				.setAmount(300L)
				.build());

		await().untilAsserted(() -> {
			JsonNode balance = balance("SEK").orElseThrow();
			assertAmount(balance, "refunded", 300);
			assertAmount(balance, "providerRefunded", 300);
			assertThat(balance.path("unmatched")).isEmpty();
		});
	}

	@Test
	void findsACaptureThatTheProviderDoesNotKnow() {
		UUID orderId = captured(payment("NOK", 1000));
		this.jdbc.sql("UPDATE payment SET provider_reference = 'pi_gone' WHERE order_id = ?").param(orderId).update();

		JsonNode balance = balance("NOK").orElseThrow();
		assertAmount(balance, "captured", 1000);
		assertAmount(balance, "providerCaptured", 1000);
		assertThat(balance.path("unmatched")).hasSize(2);
		assertThat(balance.path("unmatched").toString()).contains("pi_gone")
			.contains(atProvider(orderId).getFirst().getId());
	}

	@Test
	void findsACaptureThatWeDoNotKnow() throws Exception {
		PaymentIntent stranger = PROVIDER.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder()
				.setAmount(77L)
				.setCurrency("dkk")
				.setPaymentMethod("pm_card_visa")
				.setConfirm(true)
				.build());
		JsonNode balance = balance("DKK").orElseThrow();
		assertAmount(balance, "captured", 0);
		assertAmount(balance, "providerCaptured", 77);
		JsonNode unmatched = balance.path("unmatched").get(0);
		assertThat(unmatched.path("providerReference").asString()).isEqualTo(stranger.getId());
		assertThat(unmatched.path("paymentId").isNull()).isTrue();
	}

	@Test
	void hasPagesOfCurrencies() {
		captured(payment("CZK", 100));
		captured(payment("HUF", 100));
		List<String> currencies = new ArrayList<>();
		String token = "";
		do {
			JsonNode page = get(admin(), "/api/v1/payments/reconciliation?pageSize=1&pageToken={token}", token);
			assertThat(page.path("items")).hasSize(1);
			currencies.add(page.at("/items/0/captured/currency").asString());
			token = page.path("nextPageToken").asString("");
		}
		while (!token.isEmpty());
		assertThat(currencies).isSorted().doesNotHaveDuplicates().contains("CZK", "HUF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/reconciliation?pageSize=0", "/reconciliation?pageSize=101",
			"/reconciliation?pageToken=x", "?orderId=01a1f980-b75e-7424-a2bf-3b096687ac75&pageSize=0",
			"?orderId=01a1f980-b75e-7424-a2bf-3b096687ac75&pageToken=x" })
	void refusesInvalidPages(String query) {
		this.api.get()
			.uri("/api/v1/payments" + query)
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + admin())
			.exchange()
			.expectStatus()
			.isBadRequest();
	}

	@Test
	void respondsWithAnErrorIfTheBooksCannotBeRead() {
		SIMULATOR.faults().down(true);
		this.api.get()
			.uri("/api/v1/payments/reconciliation")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + admin())
			.exchange()
			.expectStatus()
			.isEqualTo(503)
			.expectBody()
			.jsonPath("$.code")
			.isEqualTo("PROVIDER_UNAVAILABLE");
	}

	private static AuthorisePayment payment(String currency, long amount) {
		return new AuthorisePayment(UUID.randomUUID(), UUID.randomUUID(), new Money(amount, currency), "pm_card_visa");
	}

	private Optional<JsonNode> balance(String currency) {
		return StreamSupport.stream(reconciliation().path("items").spliterator(), false)
			.filter((balance) -> balance.path("captured").path("currency").asString().equals(currency))
			.findFirst();
	}

	private static void assertAmount(JsonNode balance, String name, long amount) {
		assertThat(balance.path(name).path("amount").asLong()).as(name).isEqualTo(amount);
	}

}
