package dev.sagamart.payments.provider;

import org.jspecify.annotations.Nullable;

/** Nothing says that the provider sent this. */
public class UntrustedEventException extends RuntimeException {

	UntrustedEventException(@Nullable Throwable cause) {
		super("Not an event that the payment provider signed for us", cause);
	}

}
