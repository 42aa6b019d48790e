package dev.sagamart.payments.payment;

import dev.sagamart.events.Money;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Refunds that people ask for, carried out by the same workers as the saga's. */
@Service
public class RefundQueue {

	private final PaymentTables tables;

	private final OperationWorkers workers;

	RefundQueue(PaymentTables tables, OperationWorkers workers) {
		this.tables = tables;
		this.workers = workers;
	}

	/**
	 * What can still be refunded of a payment that the caller has locked: the capture
	 * without what was refunded or is going to be.
	 */
	@Transactional(propagation = Propagation.MANDATORY)
	public Money refundable(Payment payment) {
		Money kept = payment.kept();
		long open = this.tables.openRefunds(payment.id());
		return (open >= kept.amount()) ? Money.zero(kept.currency()) : kept.minus(new Money(open, kept.currency()));
	}

	/**
	 * Has a refund carried out once the caller's transaction commits.
	 * @param payment locked by the caller
	 * @param amount no more than {@link #refundable}
	 * @return the id of the refund
	 */
	@Transactional(propagation = Propagation.MANDATORY)
	public UUID add(Payment payment, Money amount, @Nullable String reason) {
		Operation.Wanted refund = Operation.Wanted.refund(payment, amount, reason);
		this.tables.insertOperations(List.of(refund), this.workers.lease());
		this.workers.wakeAfterCommit();
		return Objects.requireNonNull(refund.refundId());
	}

}
