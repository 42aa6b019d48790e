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

/** Reads the provider's books. Calls block, and do not use the circuit breaker. */
@Component
public class ProviderBooks {

	private final StripeClient stripe;

	protected ProviderBooks(StripeClient stripe) {
		this.stripe = stripe;
	}

	/**
	 * Reads events of payments, newest first.
	 * @param since the time of the oldest event to read
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
	 * Reads the captured charge of a payment. Without one, the amounts of the result are
	 * zero.
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
	 * Ignores the amounts of a charge that was not captured, because the provider reports
	 * a released hold as refunded. A charge without an intent is identified by its own
	 * id.
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
