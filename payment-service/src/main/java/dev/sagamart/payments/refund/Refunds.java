package dev.sagamart.payments.refund;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.Operation;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.PaymentCommands;
import dev.sagamart.payments.payment.Payments;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Decides about refunds of administrators, and lists them. */
@Service
public class Refunds {

	private static final UUID MAX_ID = new UUID(-1, -1);

	private final Payments payments;

	private final PaymentCommands commands;

	Refunds(Payments payments, PaymentCommands commands) {
		this.payments = payments;
		this.commands = commands;
	}

	/**
	 * The refunds of a payment that administrators requested, newest first.
	 * @param before the last refund of the page before, {@code null} for the first page
	 * @return empty if there is no such payment
	 */
	public Optional<List<Operation>> list(UUID paymentId, @Nullable UUID before, int count) {
		return this.payments.findById(paymentId)
			.filter((payment) -> !payment.isTombstone())
			.map((_) -> this.payments.findRefundsBefore((before != null) ? before : MAX_ID, paymentId, count));
	}

	/**
	 * Requests a refund. Locks the payment, so that concurrent refunds never exceed the
	 * captured amount together.
	 * @param amount positive
	 */
	@Transactional
	public RefundDecision request(UUID paymentId, Money amount, @Nullable String reason) {
		Payment payment = this.payments.findAndLock(paymentId).filter((found) -> !found.isTombstone()).orElse(null);
		if (payment == null) {
			return new RefundDecision.NoSuchPayment();
		}
		if (!payment.amount().currency().equals(amount.currency())) {
			return new RefundDecision.WrongCurrency(payment.amount().currency());
		}
		if (payment.capturedAmount().signum() == 0) {
			return new RefundDecision.NothingCaptured();
		}
		Money refundable = this.commands.refundable(payment);
		return (amount.compareTo(refundable) > 0) ? new RefundDecision.ExceedsCapture(refundable)
				: new RefundDecision.Accepted(this.commands.refund(payment, amount, reason));
	}

}
