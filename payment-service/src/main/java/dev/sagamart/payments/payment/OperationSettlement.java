package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.payments.provider.ProviderIntent;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Writes down what came of operations: rows, ledger and events of a whole batch in one
 * transaction.
 */
@Component
class OperationSettlement {

	private final PaymentTables tables;

	private final Outbox outbox;

	private final OperationProperties properties;

	OperationSettlement(PaymentTables tables, Outbox outbox, OperationProperties properties) {
		this.tables = tables;
		this.outbox = outbox;
		this.properties = properties;
	}

	/**
	 * Settles a batch that holds no payment twice. What another worker settled before is
	 * passed over.
	 * @return whether other operations wait behind settled ones
	 */
	@Transactional
	public boolean settle(List<Outcome> outcomes) {
		Map<Long, Payment> payments = this.tables
			.lockByOperation(outcomes.stream().map((outcome) -> outcome.operation().id()).toList());
		Batch batch = new Batch();
		for (Outcome outcome : outcomes) {
			Payment payment = payments.get(outcome.operation().id());
			if (payment != null) {
				batch.settle(outcome, payment);
			}
		}
		return batch.write();
	}

	/** What is to be written down together. */
	private final class Batch {

		private final List<PaymentTables.End> ends = new ArrayList<>();

		private final List<PaymentTables.Postponement> postponements = new ArrayList<>();

		private final Set<Payment> changed = new HashSet<>();

		private final List<PaymentTables.Booking> bookings = new ArrayList<>();

		private final List<Outgoing> events = new ArrayList<>();

		void settle(Outcome outcome, Payment payment) {
			Operation operation = outcome.operation();
			switch (outcome.step()) {
				case Step.Tell(var event) -> {
					if (operation.byPerson()) {
						end(operation, "DECLINED", "nothing_left", null);
					}
					else {
						end(operation, "DONE", null, null);
						this.events.add(new Outgoing(event, operation.context()));
					}
				}
				case Step.Withdraw() -> {
					end(operation, "DONE", "withdrawn", null);
					apply(payment.withdrawn(), payment, operation, operation.id());
				}
				case Step.Ask ask -> {
					if (outcome.result() != null) {
						settle(ask, outcome.result(), operation, payment);
					}
				}
			}
		}

		private void settle(Step.Ask ask, ProviderResult result, Operation operation, Payment payment) {
			switch (result) {
				case ProviderResult.Approved(String reference) -> {
					end(operation, "DONE", null, (ask.call() == OperationKind.REFUND) ? ask.amount().amount() : null);
					apply(approved(ask, reference, payment), payment, operation, operation.id());
				}
				case ProviderResult.Declined(String reason, String reference) -> {
					end(operation, "DECLINED", reason, null);
					apply(payment.declined(ask.call(), reason, reference), payment, operation, operation.id());
				}
				case ProviderResult.Found(ProviderIntent intent) -> {
					end(operation, "DONE", intent.status().name(), null);
					apply(payment.takeOver(intent), payment, operation, operation.id());
				}
				case ProviderResult.Refused refused -> refused(ask, refused, operation, payment);
				case ProviderResult.Unknown(String cause, boolean _) -> {
					postpone(operation, true, cause, 0,
							backoff(operation.attempts(), properties().firstDelay(), properties().maxDelay()));
					if (!payment.isOutcomeUnknown()) {
						payment.outcomeUnknown();
						this.changed.add(payment);
					}
				}
				case ProviderResult.NotAsked(String cause) -> notAsked(operation, cause);
				case ProviderResult.KeyRefused(String cause) -> notAsked(operation, "key refused: " + cause);
			}
		}

		private Settlement approved(Step.Ask ask, String reference, Payment payment) {
			return switch (ask.call()) {
				case AUTHORISE -> payment.authorised(reference);
				case CAPTURE -> payment.captureSucceeded();
				case VOID -> payment.holdReleased();
				case REFUND -> payment.refundSucceeded(ask.amount());
				case RETRIEVE -> throw new IllegalStateException("Nothing to approve");
			};
		}

		/**
		 * The provider's view of the payment decides: it is taken over, and what is next
		 * then is the answer. Only if there is nothing new in it, the refusal stands.
		 */
		private void refused(Step.Ask ask, ProviderResult.Refused refused, Operation operation, Payment payment) {
			Settlement found = payment.takeOver(refused.intent());
			if (!found.isNothing()) {
				apply(found, payment, operation, tables().insertRetrieved(payment.id(), operation.context()));
			}
			Step next = operation.next(payment);
			if (next instanceof Step.Tell(var event) && !operation.byPerson()) {
				end(operation, (event instanceof CaptureDeclined) ? "DECLINED" : "DONE", refused.reason(), null);
				if (!found.events().contains(event)) {
					this.events.add(new Outgoing(event, operation.context()));
				}
			}
			else if (ask.call() == OperationKind.CAPTURE || operation.byPerson()) {
				end(operation, "DECLINED", refused.reason(), null);
				if (!operation.byPerson()) {
					apply(payment.declined(ask.call(), refused.reason(), null), payment, operation, operation.id());
				}
			}
			else if (!found.isNothing()) {
				postpone(operation, false, refused.reason(), 1, Duration.ZERO);
			}
			else {
				undoRefused(ask, refused.reason(), operation, payment);
			}
		}

		/** Told once for each reason, and asked again for as long as it takes. */
		private void undoRefused(Step.Ask ask, String reason, Operation operation, Payment payment) {
			if (!reason.equals(payment.failure())) {
				apply(payment.declined(ask.call(), reason, null), payment, operation, operation.id());
			}
			postpone(operation, false, reason, 1,
					backoff(operation.refusals() + 1, properties().refusedDelay(), properties().maxRefusedDelay()));
		}

		private void notAsked(Operation operation, String cause) {
			this.postponements.add(new PaymentTables.Postponement(operation.id(), false, cause, operation.askedBefore(),
					operation.refusals(), Backoff.jitter(properties().notAskedDelay(), ThreadLocalRandom.current())));
		}

		private void postpone(Operation operation, boolean unknown, String cause, int moreRefusals, Duration delay) {
			this.postponements.add(new PaymentTables.Postponement(operation.id(), unknown, cause, true,
					operation.refusals() + moreRefusals, delay));
		}

		private void end(Operation operation, String outcome, @Nullable String detail, @Nullable Long refunded) {
			this.ends.add(new PaymentTables.End(operation.id(), outcome, detail, refunded));
		}

		private void apply(Settlement settlement, Payment payment, Operation operation, long bookedBy) {
			settlement.postings()
				.forEach((posting) -> this.bookings.add(new PaymentTables.Booking(bookedBy, payment.id(), posting)));
			settlement.events().forEach((event) -> this.events.add(new Outgoing(event, operation.context())));
			this.changed.add(payment);
		}

		boolean write() {
			boolean othersWait = tables().end(this.ends);
			tables().postpone(this.postponements);
			tables().update(this.changed);
			tables().book(this.bookings);
			OperationSettlement.this.outbox.appendAll(this.events);
			return othersWait;
		}

	}

	private PaymentTables tables() {
		return this.tables;
	}

	private OperationProperties properties() {
		return this.properties;
	}

	private static Duration backoff(int attempt, Duration first, Duration max) {
		return Backoff.after(attempt, first, max, ThreadLocalRandom.current());
	}

}
