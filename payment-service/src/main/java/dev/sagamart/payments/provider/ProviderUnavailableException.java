package dev.sagamart.payments.provider;

/** The provider's books cannot be read now. */
public class ProviderUnavailableException extends RuntimeException {

	ProviderUnavailableException(Throwable cause) {
		super("The payment provider's books cannot be read", cause);
	}

}
