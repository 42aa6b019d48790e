package dev.sagamart.payments.provider;

import dev.sagamart.events.DeclineReason;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What came of asking the provider. */
public sealed interface ProviderResult {

	/**
	 * It is done.
	 *
	 * @param reference the provider's id of the payment
	 */
	record Approved(String reference) implements ProviderResult {
	}

	/**
	 * How the payment stands, which is all that was asked.
	 */
	record Found(ProviderIntent intent) implements ProviderResult {
	}

	/**
	 * It is not done: the provider refuses it for a payment that stands like this.
	 *
	 * @param reason the provider's code
	 */
	record Refused(String reason, ProviderIntent intent) implements ProviderResult {
	}

	/**
	 * No hold is placed, and asking again changes nothing.
	 *
	 * @param reason the provider's code; not for the buyer, who reads what
	 * {@link DeclineReason} makes of it
	 * @param reference the provider's id of the payment, if it has one
	 */
	record Declined(String reason, @Nullable String reference) implements ProviderResult {
	}

	/**
	 * It may have been done or not. The same call with the same key will tell.
	 *
	 * @param cause for the log
	 * @param askAgainAtOnce whether it is worth asking again within the same call
	 */
	record Unknown(String cause, boolean askAgainAtOnce) implements ProviderResult {
	}

	/**
	 * The provider was not reached, so nothing was done by this call.
	 *
	 * @param cause for the log
	 */
	record NotAsked(String cause) implements ProviderResult {
	}

	/**
	 * The provider does not take our key, so nothing was done, and no other call will be
	 * either until an operator mends that.
	 *
	 * @param cause the provider's words, without the key
	 */
	record KeyRefused(String cause) implements ProviderResult {
	}

	/** Results that count as failures of the provider. */
	final class Failure implements Predicate<Object> {

		@Override
		public boolean test(Object result) {
			return result instanceof Unknown || result instanceof NotAsked || result instanceof KeyRefused;
		}

	}

	/** Results after which the provider is asked again within the same call. */
	final class WorthAskingAgain implements Predicate<Object> {

		@Override
		public boolean test(Object result) {
			return result instanceof Unknown unknown && unknown.askAgainAtOnce();
		}

	}

}
