package dev.sagamart.payments.payment;

import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.payments.payment.Operation.Outcome;
import dev.sagamart.payments.provider.ProviderIntent;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Writes down what came of operations: rows, ledger and events of a whole batch in one
 * transaction.
 */
@Component
class OperationSettlement {

	private final Payments payments;

	private final Outbox outbox;

	private final OperationProperties properties;

	OperationSettlement(Payments payments, Outbox outbox, OperationProperties properties) {
		this.payments = payments;
		this.outbox = outbox;
		this.properties = properties;
	}

	/** An operation that was taken, and what came of it. */
	sealed interface Settled {

		/** The operation as it was taken. */
		Operation operation();

		/** The provider did not have to be asked. */
		record WithoutCall(Operation operation) implements Settled {
		}

		/** The provider was asked, which may be for something else than was commanded. */
		record Called(Operation operation, OperationKind call, Money toRefund,
				ProviderResult result) implements Settled {
		}

	}

	/**
	 * Settles a batch. What another instance settled before is passed over.
	 * @return whether other operations wait behind settled ones
	 */
	@Transactional
	public boolean settle(List<Settled> batch) {
		Map<Long, Operation> open = this.payments
			.findOpenAndLock(batch.stream().map((settled) -> settled.operation().id()).toList())
			.stream()
			.collect(Collectors.toMap(Operation::id, Function.identity()));
		List<Operation> changed = new ArrayList<>();
		List<Posting> postings = new ArrayList<>();
		List<Outgoing> events = new ArrayList<>();
		for (Settled settled : batch) {
			// An operation whose lease had ended may have come back twice.
			Operation operation = open.remove(settled.operation().id());
			if (operation != null) {
				Posting.Balance before = Posting.Balance.of(operation.payment());
				decide(settled, operation, this.properties)
					.forEach((event) -> events.add(new Outgoing(event, operation.context())));
				postings.addAll(postings(before, settled, operation));
				changed.add(operation);
			}
		}
		this.payments.book(postings);
		this.outbox.appendAll(events);
		return this.payments.update(changed);
	}

	/** What the provider told while it refused an operation is booked as a question. */
	private List<Posting> postings(Posting.Balance before, Settled settled, Operation operation) {
		List<Posting> postings = Posting.since(before, operation.payment(), operation.id());
		boolean isFound = settled instanceof Settled.Called called && called.result() instanceof ProviderResult.Refused;
		return (postings.isEmpty() || !isFound) ? postings : Posting.since(before, operation.payment(),
				this.payments.addOperations(List.of(operation.retrieved())).getFirst());
	}

	/**
	 * Changes an operation and its payment by what came of it.
	 * @param operation as it is by now
	 * @return what to tell, in order
	 */
	static List<PaymentEvent> decide(Settled settled, Operation operation, OperationProperties waits) {
		return switch (settled) {
			case Settled.WithoutCall(Operation taken) -> withoutCall(taken.isWithdrawn(), operation);
			case Settled.Called called -> switch (called.result()) {
				case ProviderResult.Approved(String reference) -> approved(called, reference, operation);
				case ProviderResult.Declined(String reason, String reference) -> {
					operation.end(Outcome.DECLINED, reason);
					yield operation.payment().declined(called.call(), reason, reference);
				}
				case ProviderResult.Found(ProviderIntent intent) -> {
					operation.end(Outcome.DONE, intent.status().name());
					yield operation.payment().takeOver(intent);
				}
				case ProviderResult.Refused refused -> refused(called.call(), refused, operation, waits);
				case ProviderResult.Unknown(String cause, boolean _) -> {
					operation.unknown(cause, waits);
					operation.payment().outcomeUnknown();
					yield List.of();
				}
				case ProviderResult.NotAsked(String cause) -> notAsked(called, cause, operation, waits);
				case ProviderResult.KeyRefused(String cause) ->
					notAsked(called, "key refused: " + cause, operation, waits);
			};
		};
	}

	private static List<PaymentEvent> withoutCall(boolean isWithdrawn, Operation operation) {
		if (isWithdrawn) {
			operation.end(Outcome.DONE, "withdrawn");
			return operation.payment().withdrawn();
		}
		if (operation.isByPerson()) {
			operation.end(Outcome.DECLINED, "nothing_left");
			return List.of();
		}
		operation.end(Outcome.DONE, null);
		return List.of(operation.answer().orElseThrow());
	}

	private static List<PaymentEvent> approved(Settled.Called called, String reference, Operation operation) {
		Payment payment = operation.payment();
		operation.end(Outcome.DONE, null);
		return switch (called.call()) {
			case AUTHORISE -> payment.authorised(reference);
			case CAPTURE -> payment.captureSucceeded();
			case VOID -> payment.holdReleased();
			case REFUND -> {
				operation.refunded(called.toRefund());
				yield payment.refundSucceeded(called.toRefund());
			}
			case RETRIEVE -> throw new IllegalStateException("Nothing to approve");
		};
	}

	/**
	 * The provider's view of the payment decides: it is taken over, and what is next then
	 * is the answer. Only if there is nothing new in it, the refusal stands.
	 */
	private static List<PaymentEvent> refused(OperationKind call, ProviderResult.Refused refused, Operation operation,
			OperationProperties waits) {
		Payment payment = operation.payment();
		String reason = refused.reason();
		List<PaymentEvent> found = payment.takeOver(refused.intent());
		List<PaymentEvent> events = new ArrayList<>(found);
		Optional<PaymentEvent> answer = operation.answer();
		if (operation.isByPerson()) {
			operation.end(Outcome.DECLINED, reason);
		}
		else if (answer.isPresent()) {
			operation.end((answer.get() instanceof CaptureDeclined) ? Outcome.DECLINED : Outcome.DONE, reason);
			if (!found.contains(answer.get())) {
				events.add(answer.get());
			}
		}
		else if (call == OperationKind.CAPTURE) {
			operation.end(Outcome.DECLINED, reason);
			events.addAll(payment.declined(call, reason, null));
		}
		else if (!found.isEmpty()) {
			operation.refusedAsOutdated(reason);
		}
		else {
			// Told once for each reason, and asked again for as long as it takes.
			if (!reason.equals(payment.failure())) {
				events.addAll(payment.declined(call, reason, null));
			}
			operation.refused(reason, waits);
		}
		return events;
	}

	private static List<PaymentEvent> notAsked(Settled.Called called, String cause, Operation operation,
			OperationProperties waits) {
		operation.notAsked(cause, called.operation().wasAskedBefore(), waits);
		return List.of();
	}

}
