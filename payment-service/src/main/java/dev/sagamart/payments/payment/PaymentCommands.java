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
 * Accepts the commands of the saga, refunds of administrators and retrievals of the
 * reconciliation, within the caller's transaction. Replies immediately to a command that
 * leaves nothing to do. Stores everything else as operations, which the loop carries out
 * in this order for each payment.
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

	/** Accepts commands of the saga in list order. */
	public void accept(List<Received<PaymentCommand>> commands) {
		Instant now = this.clock.instant();
		Map<UUID, Payment> payments = lock(commands);
		Map<UUID, List<Operation>> open = findOpen(payments.values());
		List<Payment> newPayments = new ArrayList<>();
		List<Operation> newOperations = new ArrayList<>();
		List<UUID> repeated = new ArrayList<>();
		List<Outgoing> replies = new ArrayList<>();
		for (Received<PaymentCommand> received : commands) {
			PaymentCommand command = received.message();
			boolean isFirst = !payments.containsKey(command.orderId());
			Payment payment = payments.computeIfAbsent(command.orderId(), (_) -> Payment.of(command, now));
			if (isFirst) {
				newPayments.add(payment);
			}
			Operation operation = Operation.of(payment, kind(command), received.context());
			List<Operation> before = open.computeIfAbsent(payment.id(), (_) -> new ArrayList<>());
			Optional<PaymentEvent> reply = before.isEmpty() ? reply(operation, isFirst) : Optional.empty();
			if (before.stream().anyMatch(operation::repeats)) {
				// The reply to the first command is the reply to this one, too.
				repeated.add(payment.id());
			}
			else if (reply.isPresent()) {
				replies.add(new Outgoing(reply.get(), received.context()));
			}
			else {
				before.add(operation);
				newOperations.add(operation);
			}
		}
		this.payments.add(newPayments);
		this.payments.addOperations(newOperations);
		this.payments.retryNow(repeated);
		this.outbox.appendAll(replies);
		this.loop.wakeAfterCommit();
	}

	private static Optional<PaymentEvent> reply(Operation operation, boolean isFirst) {
		return (isFirst && operation.kind() == OperationKind.CAPTURE)
				? Optional.of(PaymentReplies.captureDeclined(operation.payment(), DeclineReason.NOT_AUTHORISED))
				: operation.reply();
	}

	private Map<UUID, Payment> lock(List<Received<PaymentCommand>> commands) {
		Map<UUID, Payment> payments = new HashMap<>();
		this.payments.findAndLock(commands.stream().map((received) -> received.message().orderId()).distinct().toList())
			.forEach((payment) -> payments.put(payment.orderId(), payment));
		return payments;
	}

	private Map<UUID, List<Operation>> findOpen(Collection<Payment> payments) {
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
	 * The captured amount minus all refunds, the open ones included.
	 * @param payment locked by the caller
	 */
	public Money refundable(Payment payment) {
		Money net = payment.netAmount();
		long open = this.payments.findOpen(List.of(payment.id()))
			.stream()
			.filter((operation) -> operation.kind() == OperationKind.REFUND)
			.mapToLong((refund) -> refund.refundAmount().amount())
			.sum();
		return new Money(Math.max(0, net.amount() - open), net.currency());
	}

	/**
	 * Accepts a refund of an administrator.
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
	 * Accepts a retrieval of a payment that the provider knows. It is carried out after
	 * the open operations of the payment.
	 * @return whether it was added; {@code false} if a retrieval is open already, which
	 * may return an older state
	 */
	public boolean requestRetrieval(UUID paymentId) {
		Payment payment = this.payments.findById(paymentId).orElseThrow();
		Operation retrieval = Operation.of(payment, OperationKind.RETRIEVE, MessageContext.current());
		boolean isAdded = !this.payments.addOperations(List.of(retrieval)).isEmpty();
		if (isAdded) {
			this.loop.wakeAfterCommit();
		}
		return isAdded;
	}

}
