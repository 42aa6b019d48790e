package dev.sagamart.payments.provider;

/**
 * How a payment stands in the provider's books.
 *
 * @param captured minor units that were taken
 * @param refunded minor units of them that were given back
 */
public record ProviderIntent(Status status, long captured, long refunded) {

	/** What the provider says of the money. */
	public enum Status {

		/** It holds the amount. */
		HELD,

		/** It took the amount, or a part of it, and released the rest. */
		CAPTURED,

		/** It holds nothing, and took nothing. */
		RELEASED,

		/** It has no such payment. */
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
