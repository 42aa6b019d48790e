package dev.sagamart.payments.payment.web;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.payments.payment.Operation;
import dev.sagamart.payments.payment.OperationKind;
import java.util.Locale;

/**
 * Why a payment, or what was asked for it, did not go as it should.
 *
 * @param code in upper case
 */
public record Failure(String code, String message) {

	/** The "no" to an operation as an administrator reads it: the provider's own word. */
	public static Failure of(Operation refused) {
		return of(refused.kind(), refused.refusal());
	}

	static Failure of(OperationKind kind, String reason) {
		return new Failure(reason.toUpperCase(Locale.ROOT), switch (kind) {
			case AUTHORISE, CAPTURE, RETRIEVE -> DeclineReason.of(reason).sentence();
			case VOID -> "The payment provider refused to give the hold back.";
			case REFUND -> "The payment provider refused the refund.";
		});
	}

	/** The "no" to an operation as the buyer reads it. */
	static Failure toBuyer(Operation refused) {
		DeclineReason reason = DeclineReason.of(refused.refusal());
		return new Failure(reason.name(), reason.sentence());
	}

}
