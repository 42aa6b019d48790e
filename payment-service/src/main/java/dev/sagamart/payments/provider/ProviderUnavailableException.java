package dev.sagamart.payments.provider;

/** Thrown if the provider's books cannot be read. */
public class ProviderUnavailableException extends RuntimeException {

	ProviderUnavailableException(Throwable cause) {
		super("The payment provider's books cannot be read", cause);
	}

}
