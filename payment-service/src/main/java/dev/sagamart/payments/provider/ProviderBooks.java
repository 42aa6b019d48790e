package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.param.ChargeListParams;
import com.stripe.param.EventListParams;
import dev.sagamart.events.Money;
import java.time.Instant;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** The provider's own books. Reading them blocks, and takes no part in its circuit. */
@Component
public class ProviderBooks {

	private final StripeClient stripe;

	protected ProviderBooks(StripeClient stripe) {
		this.stripe = stripe;
	}

	/**
	 * Reads what changed in them, newest first.
	 * @param since no event from before
	 * @throws ProviderUnavailableException if they cannot be read
	 */
	public void events(Instant since, Consumer<ProviderEvent> events) {
		EventListParams params = EventListParams.builder()
			.setCreated(EventListParams.Created.builder().setGte(since.getEpochSecond()).build())
			.addAllType(StripeIntents.EVENT_TYPES)
			.setLimit(100L)
			.build();
		try {
			this.stripe.v1()
				.events()
				.list(params)
				.autoPagingIterable()
				.forEach((event) -> StripeIntents.from(event).ifPresent(events));
		}
		catch (StripeException | RuntimeException ex) {
			throw new ProviderUnavailableException(ex);
		}
	}

	/**
	 * Reads all charges, newest first.
	 * @throws ProviderUnavailableException if they cannot be read
	 */
	public void charges(Consumer<ProviderCharge> charges) {
		try {
			this.stripe.v1()
				.charges()
				.list(ChargeListParams.builder().setLimit(100L).build())
				.autoPagingIterable()
				.forEach((charge) -> charges.accept(from(charge)));
		}
		catch (StripeException | RuntimeException ex) {
			throw new ProviderUnavailableException(ex);
		}
	}

	/**
	 * Reads the charge of one payment; nothing captured if there is none.
	 * @throws ProviderUnavailableException if it cannot be read
	 */
	public ProviderCharge charge(String reference, String currency) {
		try {
			return this.stripe.v1()
				.charges()
				.list(ChargeListParams.builder().setPaymentIntent(reference).setLimit(100L).build())
				.getData()
				.stream()
				.filter(Charge::getCaptured)
				.findFirst()
				.map(ProviderBooks::from)
				.orElseGet(() -> new ProviderCharge(reference, Money.zero(currency), Money.zero(currency)));
		}
		catch (StripeException ex) {
			throw new ProviderUnavailableException(ex);
		}
	}

	/**
	 * The provider books a hold that was given back as refunded, though it took nothing.
	 * A charge that somebody made without an intent has its own id only.
	 */
	private static ProviderCharge from(Charge charge) {
		String currency = charge.getCurrency();
		String reference = (charge.getPaymentIntent() != null) ? charge.getPaymentIntent() : charge.getId();
		return charge.getCaptured()
				? new ProviderCharge(reference, StripeAmounts.toMoney(charge.getAmountCaptured(), currency),
						StripeAmounts.toMoney(charge.getAmountRefunded(), currency))
				: new ProviderCharge(reference, StripeAmounts.toMoney(0, currency), StripeAmounts.toMoney(0, currency));
	}

}
