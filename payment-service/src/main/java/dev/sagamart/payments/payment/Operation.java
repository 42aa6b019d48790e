package dev.sagamart.payments.payment;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.Money;
import dev.sagamart.platform.messaging.MessageContext;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that the provider is to be asked for, in the hands of a worker.
 *
 * @param byPerson whether a person asked for it, and not the saga
 * @param amount of a refund that names one; the saga's refund is of all that is left
 * @param attempts how often it was taken up, this time included
 * @param askedBefore whether the provider may have been asked before this time
 * @param withdrawn whether it was never asked, and is not wanted any more
 * @param refusals how often the provider definitely refused it
 * @param context what its answer continues
 * @param payment the payment as it is, with all earlier operations settled
 */
record Operation(long id, OperationKind kind, boolean byPerson, @Nullable Long amount, int attempts,
		boolean askedBefore, boolean withdrawn, int refusals, MessageContext context, Payment payment) {

	/** An operation of the saga that is taken up for the first time. */
	static Operation first(long id, OperationKind kind, MessageContext context, Payment payment) {
		return new Operation(id, kind, false, null, 1, false, false, 0, context, payment);
	}

	/** What is to be done now. */
	Step next() {
		return this.withdrawn ? new Step.Withdraw() : next(this.payment);
	}

	/** What is to be done for the payment as it is by now. */
	Step next(Payment now) {
		Step step = now.next(this.kind);
		if (this.amount != null && step instanceof Step.Ask(OperationKind call, Money all)
				&& call == OperationKind.REFUND) {
			return new Step.Ask(call, new Money(this.amount, all.currency()));
		}
		return step;
	}

	/**
	 * The idempotency key of a call to the provider for this operation. What was refused
	 * is another call the next time, for the provider remembers its refusals.
	 */
	String key(OperationKind call) {
		String key = this.payment.id() + ":" + call.name().toLowerCase(Locale.ROOT);
		String once = (call == OperationKind.REFUND) ? key + ":" + this.id : key;
		return (this.refusals == 0) ? once : once + ":" + this.refusals;
	}

	/**
	 * An operation that is to be written down.
	 *
	 * @param refundId set for a refund that a person asked for
	 * @param taken whether a worker of this process has it already
	 */
	record Wanted(@Nullable UUID refundId, UUID paymentId, OperationKind kind, @Nullable Long amount,
			@Nullable String reason, MessageContext context, boolean taken) {

		private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

		static Wanted bySaga(UUID paymentId, OperationKind kind, MessageContext context, boolean taken) {
			return new Wanted(null, paymentId, kind, null, null, context, taken);
		}

		static Wanted refund(Payment payment, Money amount, @Nullable String reason) {
			return new Wanted(IDS.generate(), payment.id(), OperationKind.REFUND, amount.amount(), reason,
					MessageContext.current(), false);
		}

	}

}
