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

/** What Stripe's payment intents, charges and events say of a payment. */
final class StripeIntents {

	/** The events after which a payment may stand otherwise than in our books. */
	static final List<String> EVENT_TYPES = List.of("payment_intent.succeeded", "payment_intent.canceled",
			"charge.refunded");

	private StripeIntents() {
	}

	/**
	 * How a payment stands, nothing while it is under way.
	 * @param intent with its latest charge, without which nothing is known of refunds
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

	/** What an event says of a payment; nothing if it is about something else. */
	static Optional<ProviderEvent> from(Event event) {
		if (!EVENT_TYPES.contains(event.getType())) {
			return Optional.empty();
		}
		return switch (object(event)) {
			case PaymentIntent intent ->
				from(intent).map((stands) -> new ProviderEvent(event.getId(), intent.getId(), stands));
			case Charge charge when charge.getPaymentIntent() != null && charge.getCaptured() ->
				Optional.of(new ProviderEvent(event.getId(), charge.getPaymentIntent(),
						captured(charge.getAmountCaptured(), charge.getCurrency(), charge)));
			case null, default -> Optional.empty();
		};
	}

	/**
	 * An object of another version of the API, or of none, is read as well as it can be.
	 */
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
