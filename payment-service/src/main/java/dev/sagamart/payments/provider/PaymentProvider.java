package dev.sagamart.payments.provider;

import dev.sagamart.events.Money;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The payment provider. Every changing call carries an idempotency key: the same call
 * under the same key acts once, however often it is made. Calls block, and answer an
 * expected "no" as a value.
 */
public interface PaymentProvider {

	/** Holds an amount. The provider's reference is in the result. */
	ProviderResult authorise(Authorisation authorisation, String key);

	/** Takes the whole of a held amount. */
	ProviderResult capture(String reference, String key);

	/** Gives a hold back. */
	ProviderResult cancel(String reference, String key);

	/** Gives back that much of a captured amount. */
	ProviderResult refund(String reference, Money amount, String key);

	/** Asks how a payment stands; changes nothing. */
	ProviderResult retrieve(String reference);

	/**
	 * Reads what changed in the provider's books, newest first.
	 * @param since no event from before
	 * @throws ProviderUnavailableException if they cannot be read
	 */
	void events(Instant since, Consumer<ProviderEvent> events);

	/**
	 * Reads the provider's books: all charges, newest first.
	 * @throws ProviderUnavailableException if they cannot be read
	 */
	void charges(Consumer<ProviderCharge> charges);

	/**
	 * Reads the charge of one payment; nothing captured if there is none.
	 * @throws ProviderUnavailableException if it cannot be read
	 */
	ProviderCharge charge(String reference, String currency);

	/**
	 * A hold to be placed.
	 *
	 * @param paymentMethod the provider's reference to a payment method
	 */
	record Authorisation(UUID paymentId, UUID orderId, Money amount, String paymentMethod) {
	}

}
