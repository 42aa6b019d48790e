package dev.sagamart.payments.payment;

import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.messaging.Outbox;
import dev.sagamart.platform.messaging.Outgoing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
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
	 * Settles a batch that holds no payment twice.
	 * @return whether other operations wait behind settled ones
	 */
	@Transactional
	public boolean settle(List<Outcome> outcomes) {
		Map<UUID, Payment> payments = this.tables
			.lock(outcomes.stream().map((outcome) -> outcome.operation().payment().id()).toList());
		List<PaymentTables.End> ends = new ArrayList<>();
		List<PaymentTables.Postponement> postponements = new ArrayList<>();
		for (Outcome outcome : outcomes) {
			sort(outcome, ends, postponements);
		}
		PaymentTables.Ended ended = this.tables.end(ends);
		Map<UUID, Payment> changed = new HashMap<>();
		List<PaymentTables.Booking> bookings = new ArrayList<>();
		List<Outgoing> events = new ArrayList<>();
		for (Outcome outcome : outcomes) {
			Operation operation = outcome.operation();
			Payment payment = payments.get(operation.payment().id());
			if (payment == null) {
				throw new IllegalStateException("There is no payment " + operation.payment().id());
			}
			if (ended.operationIds().contains(operation.id())) {
				Settlement settlement = settlement(outcome, payment);
				settlement.postings()
					.forEach((posting) -> bookings
						.add(new PaymentTables.Booking(operation.id(), payment.id(), posting)));
				if (settlement.event() != null) {
					events.add(new Outgoing(settlement.event(), operation.context()));
				}
				changed.put(payment.id(), payment);
			}
			else if (outcome.result() instanceof ProviderResult.Unknown && !payment.isOutcomeUnknown()) {
				payment.outcomeUnknown();
				changed.put(payment.id(), payment);
			}
		}
		this.tables.postpone(postponements);
		this.tables.update(changed.values());
		this.tables.book(bookings);
		this.outbox.appendAll(events);
		return ended.othersWait();
	}

	private void sort(Outcome outcome, List<PaymentTables.End> ends, List<PaymentTables.Postponement> postponements) {
		Operation operation = outcome.operation();
		switch (outcome.result()) {
			case null -> ends.add(new PaymentTables.End(operation.id(), "DONE", null, null));
			case ProviderResult.Approved _ -> ends.add(new PaymentTables.End(operation.id(), "DONE", null,
					(outcome.step() instanceof Step.Ask(OperationKind call, Money amount)
							&& call == OperationKind.REFUND) ? amount.amount() : null));
			case ProviderResult.Declined declined ->
				ends.add(new PaymentTables.End(operation.id(), "DECLINED", declined.reason(), null));
			case ProviderResult.Unknown unknown -> postponements.add(new PaymentTables.Postponement(operation.id(),
					true, unknown.cause(), Backoff.after(operation.attempts(), this.properties.firstDelay(),
							this.properties.maxDelay(), ThreadLocalRandom.current())));
			case ProviderResult.NotAsked notAsked ->
				postponements.add(new PaymentTables.Postponement(operation.id(), false, notAsked.cause(),
						Backoff.jitter(this.properties.notAskedDelay(), ThreadLocalRandom.current())));
		}
	}

	private static Settlement settlement(Outcome outcome, Payment payment) {
		return switch (outcome.step()) {
			case Step.Tell(var event) -> new Settlement(List.of(), event);
			case Step.Ask(OperationKind call, Money amount) -> switch (outcome.result()) {
				case ProviderResult.Approved(String reference) -> switch (call) {
					case AUTHORISE -> payment.authorised(reference);
					case CAPTURE -> payment.captureSucceeded();
					case VOID -> payment.holdReleased();
					case REFUND -> payment.refundSucceeded(amount);
				};
				case ProviderResult.Declined declined ->
					payment.declined(call, declined.reason(), declined.reference());
				case null, default -> throw new IllegalStateException("Not an end: " + outcome);
			};
		};
	}

}
