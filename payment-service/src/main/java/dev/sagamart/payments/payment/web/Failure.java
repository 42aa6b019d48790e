package dev.sagamart.payments.payment.web;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.payments.payment.Operation;
import dev.sagamart.payments.payment.OperationKind;
import java.util.Locale;

/**
 * Why the provider refused a payment or one of its operations.
 *
 * @param code in upper case
 */
public record Failure(String code, String message) {

	/** The refusal for administrators, with the provider's own code. */
	public static Failure of(Operation refused) {
		return of(refused.kind(), refused.refusal());
	}

	static Failure of(OperationKind kind, String reason) {
		return new Failure(reason.toUpperCase(Locale.ROOT), switch (kind) {
			case AUTHORISE, CAPTURE, RETRIEVE -> DeclineReason.of(reason).sentence();
			case VOID -> "The payment provider refused to release the authorised amount.";
			case REFUND -> "The payment provider refused the refund.";
		});
	}

	/** The refusal for the buyer, who only sees the reasons of {@link DeclineReason}. */
	static Failure toBuyer(Operation refused) {
		DeclineReason reason = DeclineReason.of(refused.refusal());
		return new Failure(reason.name(), reason.sentence());
	}

}
