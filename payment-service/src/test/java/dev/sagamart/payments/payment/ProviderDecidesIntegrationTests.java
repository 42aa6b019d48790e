package dev.sagamart.payments.payment;

import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.RefundCreateParams;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.events.PaymentEvent.UndoDeclined;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.PaymentServiceTest;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Changes that somebody makes in the provider's dashboard are taken over, because the
 * state at the provider takes precedence.
 */
class ProviderDecidesIntegrationTests extends PaymentServiceTest {

	@Test
	void takesOverAFullRefund() throws StripeException {
		UUID orderId = captured();
		refundAtProvider(orderId, 1999);
		this.kafka.send(new RefundPayment(orderId));
		PaymentRefunded refunded = this.kafka.await(PaymentRefunded.class, orderId);
		assertThat(refunded.remaining()).isEqualTo(eur(0));
		awaitEqualBooks(orderId, "REFUNDED", 1999, 1999);
	}

	@Test
	void refundsTheRestAfterAPartialRefundAtTheProvider() throws StripeException {
		UUID orderId = captured();
		refundAtProvider(orderId, 700);
		this.kafka.send(new RefundPayment(orderId));
		await().until(() -> this.kafka.await(PaymentRefunded.class, orderId).remaining().signum() >= 0
				&& payment(orderId).path("status").asString().equals("REFUNDED"));
		awaitEqualBooks(orderId, "REFUNDED", 1999, 1999);
		assertThat(events(orderId)).last()
			.isInstanceOfSatisfying(PaymentRefunded.class,
					(refunded) -> assertThat(refunded.remaining()).isEqualTo(eur(0)));
	}

	@Test
	void noticesARefundWithoutACommand() throws StripeException {
		UUID orderId = captured();
		refundAtProvider(orderId, 700);
		PaymentRefunded refunded = this.kafka.await(PaymentRefunded.class, orderId);
		assertThat(refunded.refunded()).isEqualTo(eur(700));
		assertThat(refunded.remaining()).isEqualTo(eur(1299));
		awaitEqualBooks(orderId, "PARTIALLY_REFUNDED", 1999, 700);
	}

	@Test
	void takesOverACaptureInsteadOfVoiding() throws StripeException {
		UUID orderId = authorised("pm_card_visa");
		captureAtProvider(orderId, 1999);
		this.kafka.send(new VoidPayment(orderId));
		assertThat(this.kafka.await(PaymentCaptured.class, orderId).amount()).isEqualTo(eur(1999));
		this.kafka.send(new RefundPayment(orderId));
		this.kafka.await(PaymentRefunded.class, orderId);
		awaitEqualBooks(orderId, "REFUNDED", 1999, 1999);
	}

	@Test
	void noticesACaptureWithoutACommand() throws StripeException {
		UUID orderId = authorised("pm_card_visa");
		captureAtProvider(orderId, 1999);
		this.kafka.await(PaymentCaptured.class, orderId);
		awaitEqualBooks(orderId, "CAPTURED", 1999, 0);
		this.kafka.send(new CapturePayment(orderId));
		this.kafka.await(PaymentCaptured.class, orderId, 2);
	}

	@Test
	void declinesAPartialCapture() throws StripeException {
		UUID orderId = authorised("pm_card_visa");
		captureAtProvider(orderId, 1500);
		this.kafka.send(new CapturePayment(orderId));
		this.kafka.await(CaptureDeclined.class, orderId);
		this.kafka.send(new VoidPayment(orderId));
		this.kafka.await(PaymentCaptured.class, orderId);
		this.kafka.send(new RefundPayment(orderId));
		assertThat(this.kafka.await(PaymentRefunded.class, orderId).refunded()).isEqualTo(eur(1500));
		awaitEqualBooks(orderId, "REFUNDED", 1500, 1500);
	}

	@Test
	void noticesAReleasedHoldWithoutACommand() throws StripeException {
		UUID orderId = authorised("pm_card_visa");
		PROVIDER.v1().paymentIntents().cancel(intent(orderId).getId());
		this.kafka.await(PaymentVoided.class, orderId);
		this.kafka.send(new CapturePayment(orderId));
		this.kafka.await(CaptureDeclined.class, orderId);
		awaitEqualBooks(orderId, "VOIDED", 0, 0);
	}

	@Test
	void endsPaymentsThatTheProviderDoesNotKnow() {
		UUID captures = authorised("pm_card_visa");
		UUID voids = authorised("pm_card_visa");
		losePayment(captures);
		losePayment(voids);
		this.kafka.send(new CapturePayment(captures));
		assertThat(this.kafka.await(CaptureDeclined.class, captures).reason()).isEqualTo("unknown_to_provider");
		this.kafka.send(new VoidPayment(voids));
		this.kafka.await(PaymentVoided.class, voids);
		assertThat(payment(voids).path("status").asString()).isEqualTo("DECLINED");
		this.kafka.send(new VoidPayment(captures));
		this.kafka.await(PaymentVoided.class, captures);
	}

	@Test
	void reportsARefusedRefundOnceAndRetriesUntilItIsDone() {
		UUID orderId = captured();
		String reference = intent(orderId).getId();
		losePayment(orderId);
		this.kafka.send(new RefundPayment(orderId));
		assertThat(this.kafka.await(UndoDeclined.class, orderId).reason()).isEqualTo("unknown_to_provider");
		await().until(() -> this.jdbc.sql("SELECT refusals FROM operation WHERE payment_id = ? AND kind = 'REFUND'")
			.param(paymentId(orderId))
			.query(Integer.class)
			.single() >= 3);
		assertThat(events(orderId)).filteredOn(UndoDeclined.class::isInstance).hasSize(1);
		this.jdbc.sql("UPDATE payment SET provider_reference = ? WHERE order_id = ?")
			.params(reference, orderId)
			.update();
		this.kafka.send(new RefundPayment(orderId));
		this.kafka.await(PaymentRefunded.class, orderId);
		awaitEqualBooks(orderId, "REFUNDED", 1999, 1999);
	}

	/** The first refusal may refer to a state that has been taken over since. */
	@Test
	void reportsARefusalAfterAnOutdatedOne() {
		UUID orderId = captured();
		String reference = intentReference(orderId);
		SIMULATOR.faults().down(true);
		losePayment(orderId);
		this.kafka.send(new RefundPayment(orderId));
		await().until(() -> this.jdbc.sql("""
				UPDATE operation SET refusals = 1
				WHERE payment_id = ? AND kind = 'REFUND' AND outcome = 'UNKNOWN'""")
			.param(paymentId(orderId))
			.update() == 1);
		SIMULATOR.faults().down(false);
		assertThat(this.kafka.await(UndoDeclined.class, orderId).reason()).isEqualTo("unknown_to_provider");
		this.jdbc.sql("UPDATE payment SET provider_reference = ? WHERE order_id = ?")
			.params(reference, orderId)
			.update();
		this.kafka.await(PaymentRefunded.class, orderId);
	}

	private String intentReference(UUID orderId) {
		return this.jdbc.sql("SELECT provider_reference FROM payment WHERE order_id = ?")
			.param(orderId)
			.query(String.class)
			.single();
	}

	@Test
	void waitsForAValidKeyAndWithdrawsUnaskedAuthorisations() {
		UUID held = authorised("pm_card_visa");
		SIMULATOR.faults().keyRevoked(true);
		UUID unasked = UUID.randomUUID();
		List<UUID> waiting = Stream.generate(UUID::randomUUID).limit(5).toList();
		this.kafka.send(new CapturePayment(held));
		this.kafka.send(PaymentFixtures.authorise(unasked, "pm_card_visa"));
		waiting.forEach((orderId) -> this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa")));
		await().untilAsserted(() -> this.api.get()
			.uri("/api/v1/payments?orderId={id}", unasked)
			.header("Authorization", "Bearer " + admin())
			.exchange()
			.expectBody()
			.jsonPath("$.items[0].status")
			.isEqualTo("PENDING"));
		this.kafka.send(new VoidPayment(unasked));
		this.kafka.await(PaymentVoided.class, unasked);
		SIMULATOR.faults().keyRevoked(false);
		waiting.forEach((orderId) -> this.kafka.await(PaymentAuthorised.class, orderId));
		this.kafka.await(PaymentCaptured.class, held);
		assertThat(atProvider(unasked)).isEmpty();
	}

	private void refundAtProvider(UUID orderId, long amount) throws StripeException {
		PROVIDER.v1()
			.refunds()
			.create(RefundCreateParams.builder().setPaymentIntent(intent(orderId).getId()).setAmount(amount).build());
	}

	private void captureAtProvider(UUID orderId, long amount) throws StripeException {
		PROVIDER.v1()
			.paymentIntents()
			.capture(intent(orderId).getId(), PaymentIntentCaptureParams.builder().setAmountToCapture(amount).build());
	}

	private static PaymentIntent intent(UUID orderId) {
		return atProvider(orderId).getFirst();
	}

	/** Makes the payment unknown to the provider. */
	private void losePayment(UUID orderId) {
		this.jdbc.sql("UPDATE payment SET provider_reference = 'pi_lost_' || id WHERE order_id = ?")
			.param(orderId)
			.update();
	}

	private void awaitEqualBooks(UUID orderId, String status, long captured, long refunded) {
		await().untilAsserted(() -> {
			assertThat(payment(orderId).path("status").asString()).isEqualTo(status);
			assertThat(payment(orderId).path("captured").path("amount").asLong()).isEqualTo(captured);
			assertThat(payment(orderId).path("refunded").path("amount").asLong()).isEqualTo(refunded);
		});
		assertThat(intent(orderId).getAmountReceived()).isEqualTo(captured);
	}

}
