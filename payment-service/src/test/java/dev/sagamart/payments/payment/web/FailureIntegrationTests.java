package dev.sagamart.payments.payment.web;

import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.PaymentServiceTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What buyers and administrators see of a refusal of the provider. */
class FailureIntegrationTests extends PaymentServiceTest {

	@ParameterizedTest
	@ValueSource(strings = { "stolen_card", "lost_card", "fraudulent", "a_word_of_tomorrow" })
	void hidesTheReasonOfTheBankFromTheBuyer(String reason) {
		UUID orderId = declined("pm_card_chargeDeclined");
		addRefusal(orderId, "AUTHORISE", reason);
		for (String path : new String[] { "/api/v1/payments/" + paymentId(orderId),
				"/api/v1/payments?orderId=" + orderId }) {
			String answer = get(buyer(), path).toString();
			assertThat(answer).contains("\"code\":\"CARD_DECLINED\"")
				.contains("\"message\":\"The card was declined.\"")
				.doesNotContainIgnoringCase(reason);
		}
		assertFailure(payment(orderId), reason.toUpperCase(), "The card was declined.");
	}

	@Test
	void showsTheBuyerReasonsThatTheyCanChange() {
		UUID orderId = declined("pm_card_chargeDeclinedInsufficientFunds");
		assertFailure(seenByBuyer(orderId), "INSUFFICIENT_FUNDS", "The card has insufficient funds.");
		assertFailure(payment(orderId), "INSUFFICIENT_FUNDS", "The card has insufficient funds.");
		addRefusal(orderId, "AUTHORISE", "expired_card");
		assertFailure(seenByBuyer(orderId), "EXPIRED_CARD", "The card has expired.");
	}

	@Test
	void hidesARefusedRefundFromTheBuyer() {
		UUID orderId = captured();
		addRefusal(orderId, "REFUND", "charge_disputed");
		assertThat(seenByBuyer(orderId).path("failure").isNull()).isTrue();
		assertFailure(payment(orderId), "CHARGE_DISPUTED", "The payment provider refused the refund.");
	}

	@Test
	void showsTheBuyerTheDeclinedCardButNotTheRefusedVoid() {
		UUID orderId = authorised("pm_sim_capture_declined");
		this.kafka.send(new CapturePayment(orderId));
		assertThat(this.kafka.await(CaptureDeclined.class, orderId).reason()).isEqualTo("card_declined");
		addRefusal(orderId, "VOID", "lock_timeout");
		assertFailure(seenByBuyer(orderId), "CARD_DECLINED", "The card was declined.");
		assertFailure(payment(orderId), "LOCK_TIMEOUT",
				"The payment provider refused to release the authorised amount.");
		UUID held = authorised("pm_card_visa");
		addRefusal(held, "VOID", "lock_timeout");
		assertThat(seenByBuyer(held).path("failure").isNull()).isTrue();
	}

	private UUID declined(String method) {
		UUID orderId = UUID.randomUUID();
		this.kafka.send(PaymentFixtures.authorise(orderId, method));
		this.kafka.await(PaymentDeclined.class, orderId);
		return orderId;
	}

	/** Adds an operation that the provider refused for this reason. */
	private void addRefusal(UUID orderId, String kind, String reason) {
		this.jdbc.sql("UPDATE payment SET failure = ? WHERE order_id = ?").params(reason, orderId).update();
		this.jdbc.sql("""
				INSERT INTO operation (payment_id, kind, outcome, detail, attempts, due_at, correlation_id, created_at,
				                       finished_at)
				VALUES (?, ?, 'DECLINED', ?, 1, now(), 'c', now(), now())""")
			.params(paymentId(orderId), kind, reason)
			.update();
	}

	private JsonNode seenByBuyer(UUID orderId) {
		return get(buyer(), "/api/v1/payments/{id}", paymentId(orderId));
	}

	private String buyer() {
		return this.tokens.customer(PaymentFixtures.BUYER);
	}

	private static void assertFailure(JsonNode payment, String code, String message) {
		assertThat(payment.path("failure").path("code").asString()).isEqualTo(code);
		assertThat(payment.path("failure").path("message").asString()).isEqualTo(message);
	}

}
