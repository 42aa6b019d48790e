package dev.sagamart.payments.refund;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Payments;
import dev.sagamart.payments.payment.RefundQueue;
import dev.sagamart.payments.refund.RefundHistory.Refund;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Decides about refunds, and tells what became of them. */
@Service
public class Refunds {

	private final Payments payments;

	private final RefundQueue queue;

	private final RefundHistory history;

	Refunds(Payments payments, RefundQueue queue, RefundHistory history) {
		this.payments = payments;
		this.queue = queue;
		this.history = history;
	}

	/**
	 * The refunds of a payment that people asked for, the newest first.
	 * @param before the id that the page starts after, {@code null} for the first page
	 * @return empty if there is no such payment
	 */
	public Optional<List<Refund>> list(UUID paymentId, @Nullable UUID before, int count) {
		return this.payments.findById(paymentId)
			.filter((payment) -> !payment.isTombstone())
			.map((_) -> this.history.list(paymentId, before, count));
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
