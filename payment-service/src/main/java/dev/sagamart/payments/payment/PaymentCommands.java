package dev.sagamart.payments.payment;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes requests to the provider, within the caller's transaction: from the saga, from
 * people, from the reconciliation. What is done already is answered at once; the rest is
 * written down for the loop, in order per payment.
 */
@Service
@Transactional(propagation = Propagation.MANDATORY)
public class PaymentCommands {

	private final Payments payments;

	private final OperationLoop loop;

	private final Outbox outbox;

	private final Clock clock;

	PaymentCommands(Payments payments, OperationLoop loop, Outbox outbox, Clock clock) {
		this.payments = payments;
		this.loop = loop;
		this.outbox = outbox;
		this.clock = clock;
	}

	/** Takes the saga's commands in the order in which they came. */
	public void accept(List<Received<PaymentCommand>> commands) {
		Instant now = this.clock.instant();
		Map<UUID, Payment> payments = lock(commands);
		Map<UUID, List<Operation>> open = open(payments.values());
		List<Payment> newPayments = new ArrayList<>();
		List<Operation> newOperations = new ArrayList<>();
		List<UUID> repeated = new ArrayList<>();
		List<Outgoing> answers = new ArrayList<>();
		for (Received<PaymentCommand> received : commands) {
			PaymentCommand command = received.message();
			boolean isFirst = !payments.containsKey(command.orderId());
			Payment payment = payments.computeIfAbsent(command.orderId(), (_) -> Payment.of(command, now));
			if (isFirst) {
				newPayments.add(payment);
			}
			Operation operation = Operation.of(payment, kind(command), received.context());
			List<Operation> before = open.computeIfAbsent(payment.id(), (_) -> new ArrayList<>());
			Optional<PaymentEvent> answer = before.isEmpty() ? answer(operation, isFirst) : Optional.empty();
			if (before.stream().anyMatch(operation::repeats)) {
				// The answer to the first one answers this one too.
				repeated.add(payment.id());
			}
			else if (answer.isPresent()) {
				answers.add(new Outgoing(answer.get(), received.context()));
			}
			else {
				before.add(operation);
				newOperations.add(operation);
			}
		}
		this.payments.add(newPayments);
		this.payments.addOperations(newOperations);
		this.payments.retryNow(repeated);
		this.outbox.appendAll(answers);
		this.loop.wakeAfterCommit();
	}

	private static Optional<PaymentEvent> answer(Operation operation, boolean isFirst) {
		return (isFirst && operation.kind() == OperationKind.CAPTURE)
				? Optional.of(PaymentAnswers.captureDeclined(operation.payment(), DeclineReason.NOT_AUTHORISED))
				: operation.answer();
	}

	private Map<UUID, Payment> lock(List<Received<PaymentCommand>> commands) {
		Map<UUID, Payment> payments = new HashMap<>();
		this.payments.findAndLock(commands.stream().map((received) -> received.message().orderId()).distinct().toList())
			.forEach((payment) -> payments.put(payment.orderId(), payment));
		return payments;
	}

	private Map<UUID, List<Operation>> open(Collection<Payment> payments) {
		return payments.isEmpty() ? new HashMap<>()
				: this.payments.findOpen(payments.stream().map(Payment::id).toList())
					.stream()
					.collect(Collectors.groupingBy((operation) -> operation.payment().id(), HashMap::new,
							Collectors.toCollection(ArrayList::new)));
	}

	private static OperationKind kind(PaymentCommand command) {
		return switch (command) {
			case AuthorisePayment _ -> OperationKind.AUTHORISE;
			case CapturePayment _ -> OperationKind.CAPTURE;
			case VoidPayment _ -> OperationKind.VOID;
			case RefundPayment _ -> OperationKind.REFUND;
		};
	}

	/**
	 * What can still be refunded of a payment that the caller has locked: the capture
	 * without what was refunded or is going to be.
	 */
	public Money refundable(Payment payment) {
		Money kept = payment.kept();
		long open = this.payments.findOpen(List.of(payment.id()))
			.stream()
			.filter((operation) -> operation.kind() == OperationKind.REFUND)
			.mapToLong((refund) -> refund.toRefund().amount())
			.sum();
		return new Money(Math.max(0, kept.amount() - open), kept.currency());
	}

	/**
	 * Has a refund carried out that a person asks for.
	 * @param payment locked by the caller
	 * @param amount no more than {@link #refundable}
	 * @return the id of the refund
	 */
	public UUID refund(Payment payment, Money amount, @Nullable String reason) {
		Operation refund = Operation.refund(payment, amount, reason);
		this.payments.addOperations(List.of(refund));
		this.loop.wakeAfterCommit();
		return Objects.requireNonNull(refund.refundId());
	}

	/**
	 * Has the provider asked how a payment stands that it knows, once everything before
	 * is settled.
	 * @return whether it will be asked from now on; not if a question is open already,
	 * whose answer may be older
	 */
	public boolean inquire(UUID paymentId) {
		Payment payment = this.payments.findById(paymentId).orElseThrow();
		Operation inquiry = Operation.of(payment, OperationKind.RETRIEVE, MessageContext.current());
		boolean isAdded = !this.payments.addOperations(List.of(inquiry)).isEmpty();
		if (isAdded) {
			this.loop.wakeAfterCommit();
		}
		return isAdded;
	}

}
