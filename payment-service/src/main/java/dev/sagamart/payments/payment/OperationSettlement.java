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
 * Settles operations: stores the results of a batch in the operations, the payments, the
 * ledger and the outbox, in one transaction.
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

	/** The execution of an operation, whose result is not settled yet. */
	sealed interface Execution {

		/** The operation as it was when it was taken. */
		Operation operation();

		/** It was not necessary to call the provider. */
		record WithoutCall(Operation operation) implements Execution {
		}

		/** The provider was called, for {@link Operation#callKind()}. */
		record Called(Operation operation, OperationKind call, Money refundAmount,
				ProviderResult result) implements Execution {
		}

	}

	/**
	 * Settles a batch. Skips operations that another instance has settled already.
	 * @return whether the settled payments have further open operations
	 */
	@Transactional
	public boolean settle(List<Execution> batch) {
		Map<Long, Operation> open = this.payments
			.findOpenAndLock(batch.stream().map((execution) -> execution.operation().id()).toList())
			.stream()
			.collect(Collectors.toMap(Operation::id, Function.identity()));
		List<Operation> changed = new ArrayList<>();
		List<Posting> postings = new ArrayList<>();
		List<Outgoing> events = new ArrayList<>();
		for (Execution execution : batch) {
			// Removed, because an operation can be in the batch twice if its lease ended.
			Operation operation = open.remove(execution.operation().id());
			if (operation != null) {
				Posting.Balance before = Posting.Balance.of(operation.payment());
				decide(execution, operation, this.properties)
					.forEach((event) -> events.add(new Outgoing(event, operation.context())));
				postings.addAll(postings(before, execution, operation));
				changed.add(operation);
			}
		}
		this.payments.book(postings);
		this.outbox.appendAll(events);
		return this.payments.update(changed);
	}

	/** Movements that a refusal revealed belong to a retrieval, not to the operation. */
	private List<Posting> postings(Posting.Balance before, Execution execution, Operation operation) {
		List<Posting> postings = Posting.between(before, operation.payment(), operation.id());
		boolean isFound = execution instanceof Execution.Called called
				&& called.result() instanceof ProviderResult.Refused;
		return (postings.isEmpty() || !isFound) ? postings : Posting.between(before, operation.payment(),
				this.payments.addOperations(List.of(operation.toRetrieval())).getFirst());
	}

	/**
	 * Applies a result to an operation and its payment.
	 * @param operation in its current state, locked
	 * @return the events to publish, in order
	 */
	static List<PaymentEvent> decide(Execution execution, Operation operation, OperationProperties properties) {
		return switch (execution) {
			case Execution.WithoutCall(Operation taken) -> withoutCall(taken.isWithdrawn(), operation);
			case Execution.Called called -> switch (called.result()) {
				case ProviderResult.Approved(String reference) -> approved(called, reference, operation);
				case ProviderResult.Declined(String reason, String reference) -> {
					operation.finish(Outcome.DECLINED, reason);
					yield operation.payment().declined(called.call(), reason, reference);
				}
				case ProviderResult.Found(ProviderIntent intent) -> {
					operation.finish(Outcome.DONE, intent.status().name());
					yield operation.payment().takeOver(intent);
				}
				case ProviderResult.Refused refused -> refused(called.call(), refused, operation, properties);
				case ProviderResult.Unknown(String cause, boolean _) -> {
					operation.retryUnknown(cause, properties);
					operation.payment().outcomeUnknown();
					yield List.of();
				}
				case ProviderResult.NotAsked(String cause) -> notAsked(called, cause, operation, properties);
				case ProviderResult.KeyRefused(String cause) ->
					notAsked(called, "key refused: " + cause, operation, properties);
			};
		};
	}

	private static List<PaymentEvent> withoutCall(boolean isWithdrawn, Operation operation) {
		if (isWithdrawn) {
			operation.finish(Outcome.DONE, "withdrawn");
			return operation.payment().withdrawn();
		}
		if (operation.isManual()) {
			operation.finish(Outcome.DECLINED, "nothing_left");
			return List.of();
		}
		operation.finish(Outcome.DONE, null);
		return List.of(operation.reply().orElseThrow());
	}

	private static List<PaymentEvent> approved(Execution.Called called, String reference, Operation operation) {
		Payment payment = operation.payment();
		operation.finish(Outcome.DONE, null);
		return switch (called.call()) {
			case AUTHORISE -> payment.authorised(reference);
			case CAPTURE -> payment.captureSucceeded();
			case VOID -> payment.holdReleased();
			case REFUND -> {
				operation.recordRefund(called.refundAmount());
				yield payment.refundSucceeded(called.refundAmount());
			}
			case RETRIEVE -> throw new IllegalStateException("A retrieval cannot be approved");
		};
	}

	/**
	 * Takes over the provider's state of the payment first. The refusal only counts if
	 * the operation is still necessary after that.
	 */
	private static List<PaymentEvent> refused(OperationKind call, ProviderResult.Refused refused, Operation operation,
			OperationProperties properties) {
		Payment payment = operation.payment();
		String reason = refused.reason();
		List<PaymentEvent> found = payment.takeOver(refused.intent());
		List<PaymentEvent> events = new ArrayList<>(found);
		Optional<PaymentEvent> reply = operation.reply();
		if (operation.isManual()) {
			operation.finish(Outcome.DECLINED, reason);
		}
		else if (reply.isPresent()) {
			operation.finish((reply.get() instanceof CaptureDeclined) ? Outcome.DECLINED : Outcome.DONE, reason);
			if (!found.contains(reply.get())) {
				events.add(reply.get());
			}
		}
		else if (call == OperationKind.CAPTURE) {
			operation.finish(Outcome.DECLINED, reason);
			events.addAll(payment.declined(call, reason, null));
		}
		else if (!found.isEmpty()) {
			operation.retryOutdated(reason);
		}
		else {
			// It is retried without a limit, but the saga learns each reason only once.
			if (!reason.equals(payment.failure())) {
				events.addAll(payment.declined(call, reason, null));
			}
			operation.retryRefused(reason, properties);
		}
		return events;
	}

	private static List<PaymentEvent> notAsked(Execution.Called called, String cause, Operation operation,
			OperationProperties properties) {
		operation.retryNotAsked(cause, called.operation().wasAskedBefore(), properties);
		return List.of();
	}

}
