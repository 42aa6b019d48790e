package dev.sagamart.payments.provider;

/**
 * The state of a payment at the provider.
 *
 * @param captured the captured amount in minor units
 * @param refunded the refunded part of it, in minor units
 */
public record ProviderIntent(Status status, long captured, long refunded) {

	public enum Status {

		/** The amount is authorised. */
		HELD,

		/** The amount, or a part of it, was captured. The rest was released. */
		CAPTURED,

		/** Nothing is authorised, and nothing was captured. */
		RELEASED,

		/** The provider does not know the payment. */
		MISSING

	}

	static ProviderIntent held() {
		return new ProviderIntent(Status.HELD, 0, 0);
	}

	static ProviderIntent released() {
		return new ProviderIntent(Status.RELEASED, 0, 0);
	}

	static ProviderIntent missing() {
		return new ProviderIntent(Status.MISSING, 0, 0);
	}

}
