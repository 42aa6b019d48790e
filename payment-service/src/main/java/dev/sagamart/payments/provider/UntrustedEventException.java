package dev.sagamart.payments.provider;

import org.jspecify.annotations.Nullable;

/** Thrown if an event does not have a valid signature of the provider. */
public class UntrustedEventException extends RuntimeException {

	UntrustedEventException(@Nullable Throwable cause) {
		super("The event has no valid signature of the payment provider", cause);
	}

}
