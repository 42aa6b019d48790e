package dev.sagamart.payments.provider;

import dev.sagamart.events.Money;
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

	/** Gives a hold back; also approved if there is no hold any more. */
	ProviderResult cancel(String reference, String key);

	/** Gives back that much of a captured amount. */
	ProviderResult refund(String reference, Money amount, String key);

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
