package dev.sagamart.payments.provider;

import dev.sagamart.events.DeclineReason;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The result of a call to the provider. */
public sealed interface ProviderResult {

	/**
	 * The call was carried out.
	 *
	 * @param reference the provider's id of the payment
	 */
	record Approved(String reference) implements ProviderResult {
	}

	/** The result of a retrieval. */
	record Found(ProviderIntent intent) implements ProviderResult {
	}

	/**
	 * The provider refused to capture, cancel or refund.
	 *
	 * @param reason the provider's code
	 * @param intent the state of the payment, retrieved after the refusal
	 */
	record Refused(String reason, ProviderIntent intent) implements ProviderResult {
	}

	/**
	 * The provider refused to authorise, or cannot express the amount. A retry would not
	 * change that.
	 *
	 * @param reason the provider's code; the buyer must only see the
	 * {@link DeclineReason} for it
	 * @param reference the provider's id of the payment, if it has one
	 */
	record Declined(String reason, @Nullable String reference) implements ProviderResult {
	}

	/**
	 * The provider may have carried out the call. The same call with the same key will
	 * tell.
	 *
	 * @param cause for the log
	 * @param retryImmediately whether to retry within the same call
	 */
	record Unknown(String cause, boolean retryImmediately) implements ProviderResult {
	}

	/**
	 * The provider was not reached, so the call changed nothing.
	 *
	 * @param cause for the log
	 */
	record NotAsked(String cause) implements ProviderResult {
	}

	/**
	 * The provider rejected the API key. All calls fail until an operator configures a
	 * valid key.
	 *
	 * @param cause the provider's code, which does not contain the key
	 */
	record KeyRefused(String cause) implements ProviderResult {
	}

	/** The results that the circuit breaker counts as failures. */
	final class Failure implements Predicate<Object> {

		@Override
		public boolean test(Object result) {
			return result instanceof Unknown || result instanceof NotAsked || result instanceof KeyRefused;
		}

	}

	/** The results that are retried immediately. */
	final class Retryable implements Predicate<Object> {

		@Override
		public boolean test(Object result) {
			return result instanceof Unknown unknown && unknown.retryImmediately();
		}

	}

}
