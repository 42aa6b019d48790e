package dev.sagamart.payments.reconciliation;

import com.stripe.Stripe;
import com.stripe.net.Webhook;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.payments.PaymentServiceTest;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The webhooks of the provider. */
class ProviderEventIntegrationTests extends PaymentServiceTest {

	@Autowired
	private ProviderEvents events;

	@Test
	void acceptsASignedEventOnceAndRetrievesThePayment() throws Exception {
		UUID orderId = authorised("pm_card_visa");
		String reference = atProvider(orderId).getFirst().getId();
		PROVIDER.v1().paymentIntents().cancel(reference);
		String event = event("evt_" + orderId, "payment_intent.canceled", reference, "canceled");
		for (int i = 0; i < 3; i++) {
			assertThat(post(event, signature(event, Instant.now()))).isEqualTo(200);
		}
		this.kafka.await(PaymentVoided.class, orderId);
		assertThat(stored("evt_" + orderId)).isEqualTo(1);
		await().untilAsserted(() -> assertThat(unhandled(reference)).isZero());
		assertThat(events(orderId)).filteredOn(PaymentVoided.class::isInstance).hasSize(1);
	}

	@Test
	void trustsTheRetrievedStateInsteadOfTheEvent() throws Exception {
		UUID orderId = authorised("pm_card_visa");
		String reference = atProvider(orderId).getFirst().getId();
		String event = event("evt_" + orderId, "payment_intent.succeeded", reference, "succeeded");
		assertThat(post(event, signature(event, Instant.now()))).isEqualTo(200);
		await().untilAsserted(() -> assertThat(unhandled(reference)).isZero());
		await().untilAsserted(() -> assertThat(
				this.jdbc.sql("SELECT detail FROM operation WHERE payment_id = ? AND kind = 'RETRIEVE'")
					.param(paymentId(orderId))
					.query(String.class)
					.list())
			.containsExactly("HELD"));
		assertThat(payment(orderId).path("status").asString()).isEqualTo("AUTHORISED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "t=1,v1=00", "v1=", "garbage" })
	void refusesEventsWithoutAValidSignature(String signature) throws Exception {
		String event = event("evt_forged", "payment_intent.canceled", "pi_1", "canceled");
		assertThat(post(event, signature)).isEqualTo(400);
		assertThat(post(event + " ", signature(event, Instant.now()))).isEqualTo(400);
		assertThat(post(event, signature(event, Instant.now().minusSeconds(600)))).isEqualTo(400);
		assertThat(stored("evt_forged")).isZero();
	}

	@Test
	void acceptsButDoesNotStoreOtherEvents() throws Exception {
		for (String event : List.of(event("evt_other", "payment_intent.created", "pi_1", "requires_capture"),
				"{\"id\":\"evt_other\",\"object\":\"event\",\"type\":\"customer.created\",\"data\":{\"object\":{}}}")) {
			assertThat(post(event, signature(event, Instant.now()))).isEqualTo(200);
		}
		assertThat(stored("evt_other")).isZero();
	}

	@Test
	void neverFailsForSignedEventsThatCannotBeRead() throws Exception {
		for (String payload : List.of("", "[]", "{", "null", "\"text\"", "{\"data\":{\"object\":7}}")) {
			assertThat(post(payload, signature(payload, Instant.now()))).as(payload).isIn(200, 400);
		}
	}

	@Test
	void cleansUpEventsOfUnknownPaymentsAndOldEvents() {
		Instant now = Instant.now();
		insert("evt_stranger", now.minusSeconds(7200));
		insert("evt_ancient", now.minusSeconds(40 * 86400));
		insert("evt_young", now);
		this.events.clean();
		assertThat(stored("evt_ancient")).isZero();
		assertThat(this.jdbc.sql("SELECT id FROM provider_event WHERE handled_at IS NULL AND reference = 'pi_stranger'")
			.query(String.class)
			.list()).containsExactly("evt_young");
		this.jdbc.sql("DELETE FROM provider_event WHERE reference = 'pi_stranger'").update();
	}

	@Test
	void retrievesCapturesWithoutAnEvent() {
		UUID orderId = captured();
		String reference = atProvider(orderId).getFirst().getId();
		await().untilAsserted(() -> assertThat(
				this.jdbc.sql("SELECT count(*) FROM provider_event WHERE reference = ? AND status = 'CAPTURED'")
					.param(reference)
					.query(Long.class)
					.single())
			.isPositive());
		retrieveAllUnreported();
		assertThat(retrievals(orderId)).isZero();
		this.jdbc.sql("UPDATE payment SET provider_reference = 'pi_lost_' || id WHERE order_id = ?")
			.param(orderId)
			.update();
		retrieveAllUnreported();
		await().untilAsserted(() -> assertThat(retrievals(orderId)).isPositive());
		assertThat(payment(orderId).path("status").asString()).isEqualTo("CAPTURED");
	}

	private void retrieveAllUnreported() {
		OptionalLong after = OptionalLong.of(0);
		while (after.isPresent()) {
			after = this.events.retrieveUnreported(Instant.now().minusSeconds(3600), Instant.now(), after.getAsLong());
		}
	}

	private long retrievals(UUID orderId) {
		return this.jdbc.sql("SELECT count(*) FROM operation WHERE payment_id = ? AND kind = 'RETRIEVE'")
			.param(paymentId(orderId))
			.query(Long.class)
			.single();
	}

	private void insert(String id, Instant receivedAt) {
		this.jdbc.sql("INSERT INTO provider_event VALUES (?, 'pi_stranger', 'CAPTURED', 1, 0, ?)")
			.params(id, Timestamp.from(receivedAt))
			.update();
	}

	private long stored(String eventId) {
		return this.jdbc.sql("SELECT count(*) FROM provider_event WHERE id = ?")
			.param(eventId)
			.query(Long.class)
			.single();
	}

	private long unhandled(String reference) {
		return this.jdbc.sql("SELECT count(*) FROM provider_event WHERE reference = ? AND handled_at IS NULL")
			.param(reference)
			.query(Long.class)
			.single();
	}

	private int post(String event, String signature) {
		return this.api.post()
			.uri("/api/v1/payments/provider-events")
			.contentType(MediaType.APPLICATION_JSON)
			.header("Stripe-Signature", signature)
			.body(event)
			.exchange()
			.returnResult()
			.getStatus()
			.value();
	}

	private static String event(String id, String type, String intent, String status) {
		return """
				{"id":"%s","object":"event","api_version":"%s","type":"%s","data":{"object":{"id":"%s",
				"object":"payment_intent","status":"%s","amount":1999,"amount_received":%d,"currency":"eur"}}}"""
			.formatted(id, Stripe.API_VERSION, type, intent, status, status.equals("succeeded") ? 1999 : 0);
	}

	private static String signature(String payload, Instant at) throws Exception {
		long seconds = at.getEpochSecond();
		return "t=" + seconds + ",v1=" + Webhook.Util.computeHmacSha256(WEBHOOK_SECRET, seconds + "." + payload);
	}

}
