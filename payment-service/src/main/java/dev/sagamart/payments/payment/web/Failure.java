package dev.sagamart.payments.payment.web;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.payments.payment.Refusals.Refusal;
import java.util.Locale;

/**
 * Why a payment, or what was asked for it, did not go as it should.
 *
 * @param code in upper case
 */
public record Failure(String code, String message) {

	/** A "no" as an administrator reads it: the provider's own word. */
	public static Failure of(Refusal refusal) {
		return new Failure(refusal.reason().toUpperCase(Locale.ROOT), switch (refusal.kind()) {
			case AUTHORISE, CAPTURE, RETRIEVE -> DeclineReason.of(refusal.reason()).sentence();
			case VOID -> "The payment provider refused to give the hold back.";
			case REFUND -> "The payment provider refused the refund.";
		});
	}

}
