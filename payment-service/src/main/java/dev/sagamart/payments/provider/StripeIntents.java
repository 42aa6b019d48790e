package dev.sagamart.payments.provider;

import com.stripe.exception.EventDataObjectDeserializationException;
import com.stripe.model.Charge;
import com.stripe.model.Event;
import com.stripe.model.EventDataObjectDeserializer;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the state of payments from Stripe's payment intents, charges and events. */
final class StripeIntents {

	/** The types of the events after which our books may be outdated. */
	static final List<String> EVENT_TYPES = List.of("payment_intent.succeeded", "payment_intent.canceled",
			"charge.refunded");

	private StripeIntents() {
	}

	/**
	 * The state of a payment; empty while the provider is processing it.
	 * @param intent must include its latest charge, which contains the refunded amount
	 */
	static Optional<ProviderIntent> from(PaymentIntent intent) {
		return switch (intent.getStatus()) {
			case "processing" -> Optional.empty();
			case "requires_capture" -> Optional.of(ProviderIntent.held());
			case "succeeded" ->
				Optional.of(captured(intent.getAmountReceived(), intent.getCurrency(), intent.getLatestChargeObject()));
			default -> Optional.of(ProviderIntent.released());
		};
	}

	/** The event of a payment; empty if it is about something else. */
	static Optional<ProviderEvent> from(Event event) {
		if (!EVENT_TYPES.contains(event.getType())) {
			return Optional.empty();
		}
		return switch (object(event)) {
			case PaymentIntent intent ->
				from(intent).map((state) -> new ProviderEvent(event.getId(), intent.getId(), state));
			case Charge charge when charge.getPaymentIntent() != null && charge.getCaptured() ->
				Optional.of(new ProviderEvent(event.getId(), charge.getPaymentIntent(),
						captured(charge.getAmountCaptured(), charge.getCurrency(), charge)));
			case null, default -> Optional.empty();
		};
	}

	/** Also reads objects of another API version, as far as that is possible. */
	private static @Nullable StripeObject object(Event event) {
		EventDataObjectDeserializer data = event.getDataObjectDeserializer();
		try {
			Optional<StripeObject> object = (event.getApiVersion() != null) ? data.getObject() : Optional.empty();
			return object.isPresent() ? object.get() : data.deserializeUnsafe();
		}
		catch (EventDataObjectDeserializationException ex) {
			return null;
		}
	}

	private static ProviderIntent captured(long amount, String currency, @Nullable Charge charge) {
		long refunded = (charge != null) ? charge.getAmountRefunded() : 0;
		return new ProviderIntent(ProviderIntent.Status.CAPTURED, StripeAmounts.toMoney(amount, currency).amount(),
				StripeAmounts.toMoney(refunded, currency).amount());
	}

}
