package dev.sagamart.payments.refund;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Payments;
import dev.sagamart.payments.payment.RefundQueue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Decides about refunds. */
@Service
public class Refunds {

	private final Payments payments;

	private final RefundQueue queue;

	Refunds(Payments payments, RefundQueue queue) {
		this.payments = payments;
		this.queue = queue;
	}

	/**
	 * Asks for a refund. The payment is locked meanwhile, so that refunds asked for at
	 * once never exceed the capture together.
	 * @param amount positive
	 */
	@Transactional
	public RefundDecision request(UUID paymentId, Money amount, @Nullable String reason) {
		Payment payment = this.payments.findAndLock(paymentId).filter((found) -> !found.isTombstone()).orElse(null);
		if (payment == null) {
			return new RefundDecision.NoSuchPayment();
		}
		if (!payment.amount().currency().equals(amount.currency())) {
			return new RefundDecision.OtherCurrency(payment.amount().currency());
		}
		if (payment.capturedAmount().signum() == 0) {
			return new RefundDecision.NothingCaptured();
		}
		Money refundable = this.queue.refundable(payment);
		return (amount.compareTo(refundable) > 0) ? new RefundDecision.ExceedsCapture(refundable)
				: new RefundDecision.Accepted(this.queue.add(payment, amount, reason));
	}

}
