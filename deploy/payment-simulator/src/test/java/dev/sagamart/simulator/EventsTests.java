package dev.sagamart.simulator;

import com.stripe.Stripe;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeObject;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests events and intents with their charge, through Stripe's client. */
class EventsTests extends SimulatorTest {

	@Test
	void recordsAnEventPerOperationWithTheObjectAsItWasThen() throws StripeException {
		PaymentIntent held = authorise("pm_card_visa", 1000, key());
		capture(held, key());
		refund(held, 400L, key());
		PaymentIntent other = authorise("pm_card_visa", 500, key());
		cancel(other, key());
		assertDeclined("insufficient_funds", () -> authorise("pm_card_chargeDeclinedInsufficientFunds", 7, key()));

		List<Event> events = list(EventListParams.builder().build());
		assertThat(events).extracting(Event::getType)
			.containsExactly("payment_intent.payment_failed", "payment_intent.canceled",
					"payment_intent.amount_capturable_updated", "charge.refunded", "payment_intent.succeeded",
					"payment_intent.amount_capturable_updated");
		assertThat(events).allSatisfy((event) -> {
			assertThat(event.getApiVersion()).isEqualTo(Stripe.API_VERSION);
			assertThat(this.stripe.v1().events().retrieve(event.getId()).getType()).isEqualTo(event.getType());
		});
		PaymentIntent failed = (PaymentIntent) object(events.get(0));
		assertThat(failed.getLastPaymentError().getDeclineCode()).isEqualTo("insufficient_funds");
		assertThat(failed.getStatus()).isEqualTo("requires_payment_method");
		PaymentIntent canceled = (PaymentIntent) object(events.get(1));
		assertThat(canceled.getId()).isEqualTo(other.getId());
		assertThat(canceled.getCanceledAt()).isPositive();
		Charge charge = (Charge) object(events.get(3));
		assertThat(charge.getAmountRefunded()).isEqualTo(400);
		assertThat(charge.getPaymentIntent()).isEqualTo(held.getId());
		PaymentIntent first = (PaymentIntent) object(events.get(5));
		assertThat(first.getStatus()).isEqualTo("requires_capture");
		assertThat(first.getAmountCapturable()).isEqualTo(1000);
		assertThat(first.getMetadata()).isEqualTo(held.getMetadata());
	}

	@Test
	void listsEventsByPageTypeAndTime() throws StripeException {
		for (int i = 0; i < 3; i++) {
			PaymentIntent held = authorise("pm_card_visa", 1000, key());
			capture(held, key());
			refund(held, null, key());
		}
		List<String> all = new ArrayList<>();
		this.stripe.v1()
			.events()
			.list(EventListParams.builder().setLimit(2L).build())
			.autoPagingIterable()
			.forEach((event) -> all.add(event.getType()));
		assertThat(all).hasSize(9).startsWith("charge.refunded", "payment_intent.succeeded");
		assertThat(list(EventListParams.builder().setType("charge.refunded").build())).hasSize(3);
		assertThat(
				list(EventListParams.builder().addType("charge.refunded").addType("payment_intent.succeeded").build()))
			.hasSize(6);
		assertThat(list(EventListParams.builder().setType("charge.disputed").build())).isEmpty();
		Event last = list(EventListParams.builder().setLimit(1L).build()).getFirst();
		assertThat(list(created(EventListParams.Created.builder().setGte(last.getCreated() - 60).build()))).hasSize(9);
		assertThat(list(created(EventListParams.Created.builder().setGt(last.getCreated()).build()))).isEmpty();
		assertThat(list(created(EventListParams.Created.builder().setLt(last.getCreated() - 60).build()))).isEmpty();
		assertThat(list(created(EventListParams.Created.builder().setLte(last.getCreated()).build()))).hasSize(9);
		assertRefused("resource_missing", () -> this.stripe.v1().events().retrieve("evt_none"));
		assertRefused("resource_missing", () -> list(EventListParams.builder().setStartingAfter("evt_none").build()));
	}

	@Test
	void deletesResultsAfterADayAndEventsAfterThirtyDays() throws Exception {
		AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
		restartWith(now::get);
		PaymentIntent first = authorise("pm_card_visa", 1000, "key");
		now.set(now.get().plus(Duration.ofHours(24)).minusSeconds(1));
		assertThat(authorise("pm_card_visa", 1000, "key").getId()).isEqualTo(first.getId());
		now.set(now.get().plusSeconds(2));
		assertThat(authorise("pm_card_visa", 2000, "key").getId()).isNotEqualTo(first.getId());
		assertThat(list(EventListParams.builder().build())).hasSize(2);
		now.set(now.get().plus(Duration.ofDays(29)));
		assertThat(list(EventListParams.builder().build())).hasSize(1);
		now.set(now.get().plus(Duration.ofDays(2)));
		authorise("pm_card_visa", 3000, key());
		assertThat(list(EventListParams.builder().build())).hasSize(1);
		assertThat(rows("SELECT count(*) FROM change")).isOne();
		assertThat(rows("SELECT count(*) FROM answer")).isOne();
		assertThat(this.stripe.v1().paymentIntents().retrieve(first.getId()).getAmount()).isEqualTo(1000);
	}

	private long rows(String count) {
		try (Database database = Database.open(this.directory.resolve("books.db"))) {
			return database.query(count, (row) -> row.getLong(1)).getFirst();
		}
	}

	@Test
	void expandsTheCharge() throws StripeException, IOException {
		PaymentIntent held = authorise("pm_card_visa", 1000, key());
		assertThat(held.getLatestCharge()).isEqualTo("ch_" + held.getId().substring(3));
		assertThat(held.getLatestChargeObject()).isNull();
		PaymentIntent captured = this.stripe.v1()
			.paymentIntents()
			.capture(held.getId(),
					PaymentIntentCaptureParams.builder().setAmountToCapture(600L).addExpand("latest_charge").build());
		assertThat(captured.getLatestChargeObject().getAmountCaptured()).isEqualTo(600);
		refund(held, 100L, key());
		PaymentIntent now = this.stripe.v1()
			.paymentIntents()
			.retrieve(held.getId(),
					PaymentIntentRetrieveParams.builder().addExpand("customer").addExpand("latest_charge").build());
		assertThat(now.getAmountReceived()).isEqualTo(600);
		assertThat(now.getAmountCapturable()).isZero();
		assertThat(now.getLatestChargeObject().getAmountRefunded()).isEqualTo(100);
		assertThat(this.stripe.v1()
			.paymentIntents()
			.list(PaymentIntentListParams.builder().addExpand("data.latest_charge").build())
			.getData()
			.getFirst()
			.getLatestChargeObject()
			.getAmountCaptured()).isEqualTo(600);
		assertThat(this.stripe.v1()
			.paymentIntents()
			.cancel(authorise("pm_card_visa", 5, key()).getId(),
					PaymentIntentCancelParams.builder()
						.setCancellationReason(PaymentIntentCancelParams.CancellationReason.FRAUDULENT)
						.build())
			.getCancellationReason()).isEqualTo("fraudulent");
	}

	private List<Event> list(EventListParams params) throws StripeException {
		return this.stripe.v1().events().list(params).getData();
	}

	private static EventListParams created(EventListParams.Created created) {
		return EventListParams.builder().setCreated(created).build();
	}

	private static StripeObject object(Event event) {
		return event.getDataObjectDeserializer().getObject().orElseThrow();
	}

}
