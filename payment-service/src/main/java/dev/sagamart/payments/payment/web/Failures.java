package dev.sagamart.payments.payment.web;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.payments.payment.OperationKind;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Refusals;
import dev.sagamart.payments.payment.Refusals.Refusal;
import dev.sagamart.platform.security.Caller;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What is told of the provider's "no", and to whom. The buyer reads why their card was
 * declined, as far as they may know, and nothing of what we could not undo. An
 * administrator reads the provider's own word for the last "no", whatever it was about.
 */
@Component
class Failures {

	private static final Set<OperationKind> PAYING = EnumSet.of(OperationKind.AUTHORISE, OperationKind.CAPTURE);

	private final Refusals refusals;

	Failures(Refusals refusals) {
		this.refusals = refusals;
	}

	@Nullable Failure of(Payment payment, Caller caller) {
		String word = payment.failure();
		if (word == null) {
			return null;
		}
		if (caller.isAdmin() && payment.status() != Payment.Status.VOIDED) {
			return this.refusals.last(payment.id(), EnumSet.allOf(OperationKind.class))
				.map(Failure::of)
				.orElseGet(() -> Failure.of(new Refusal(OperationKind.AUTHORISE, word)));
		}
		if (caller.isAdmin()) {
			// a hold that was given back in the end was no failure
			return this.refusals.last(payment.id(), PAYING).map(Failure::of).orElse(null);
		}
		if (payment.capturedAmount().signum() > 0) {
			return null;
		}
		return this.refusals.last(payment.id(), PAYING).map((refusal) -> {
			DeclineReason reason = DeclineReason.of(refusal.reason());
			return new Failure(reason.name(), reason.sentence());
		}).orElse(null);
	}

}
