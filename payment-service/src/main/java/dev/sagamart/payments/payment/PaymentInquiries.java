package dev.sagamart.payments.payment;

import dev.sagamart.platform.messaging.MessageContext;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Has the provider asked how payments stand, and its answers taken over. */
@Service
public class PaymentInquiries {

	private final PaymentTables tables;

	private final OperationWorkers workers;

	PaymentInquiries(PaymentTables tables, OperationWorkers workers) {
		this.tables = tables;
		this.workers = workers;
	}

	/**
	 * Has the provider asked about a payment that it knows, once the caller's transaction
	 * commits and everything before it is settled.
	 * @return whether it will be asked from now on; not if a question is open already,
	 * whose answer may be older
	 */
	@Transactional(propagation = Propagation.MANDATORY)
	public boolean ask(UUID paymentId) {
		boolean added = this.tables.insertInquiry(paymentId, MessageContext.current());
		if (added) {
			this.workers.wakeAfterCommit();
		}
		return added;
	}

}
