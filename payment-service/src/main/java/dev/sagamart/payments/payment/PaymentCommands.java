package dev.sagamart.payments.payment;

import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes the saga's commands: what is done already is answered at once, the rest is
 * written down for the workers, in order per payment.
 */
@Service
public class PaymentCommands {

	private final PaymentTables tables;

	private final OperationWorkers workers;

	private final Outbox outbox;

	private final Clock clock;

	PaymentCommands(PaymentTables tables, OperationWorkers workers, Outbox outbox, Clock clock) {
		this.tables = tables;
		this.workers = workers;
		this.outbox = outbox;
		this.clock = clock;
	}

	/**
	 * Takes commands in the order in which they came, within the caller's transaction.
	 */
	@Transactional(propagation = Propagation.MANDATORY)
	public void accept(List<Received<PaymentCommand>> commands) {
		List<UUID> orderIds = commands.stream().map((received) -> received.message().orderId()).distinct().toList();
		Map<UUID, Payment> payments = this.tables.lockByOrder(orderIds);
		Map<UUID, OpenOperations> open = payments.isEmpty() ? new HashMap<>()
				: this.tables.open(payments.values().stream().map(Payment::id).toList());
		Acceptance acceptance = new Acceptance(payments, open, this.workers.reserve(commands.size()));
		commands.forEach((received) -> acceptance.take(received.message(), received.context()));
		acceptance.write();
	}

	/** One batch on its way from commands to rows. */
	private final class Acceptance {

		private final Map<UUID, Payment> payments;

		private final Map<UUID, OpenOperations> open;

		private final OperationWorkers.Permits permits;

		private final List<Payment> newPayments = new ArrayList<>();

		private final List<Operation.Wanted> wanted = new ArrayList<>();

		private final List<Payment> wantedOf = new ArrayList<>();

		private final List<Outgoing> answers = new ArrayList<>();

		private final List<UUID> hurried = new ArrayList<>();

		Acceptance(Map<UUID, Payment> payments, Map<UUID, OpenOperations> open, OperationWorkers.Permits permits) {
			this.payments = payments;
			this.open = open;
			this.permits = permits;
		}

		void take(PaymentCommand command, MessageContext context) {
			Payment payment = this.payments.get(command.orderId());
			if (payment != null) {
				take(payment, kind(command), context);
			}
			else if (command instanceof AuthorisePayment authorise) {
				want(add(Payment.of(authorise, PaymentCommands.this.clock.instant())), OperationKind.AUTHORISE,
						context);
			}
			else {
				Payment tombstone = add(Payment.tombstone(command.orderId(), PaymentCommands.this.clock.instant()));
				Message answer = (command instanceof CapturePayment)
						? new CaptureDeclined(command.orderId(), tombstone.id(), DeclineReason.NOT_AUTHORISED.code())
						: tombstone.voidedEvent();
				this.answers.add(new Outgoing(answer, context));
			}
		}

		private Payment add(Payment payment) {
			this.newPayments.add(payment);
			this.payments.put(payment.orderId(), payment);
			return payment;
		}

		private void take(Payment payment, OperationKind kind, MessageContext context) {
			OpenOperations others = this.open.get(payment.id());
			if (others != null && others.hasAsked(kind)) {
				// The answer to the first one answers this one too.
				this.hurried.add(payment.id());
				return;
			}
			if (others == null && payment.next(kind) instanceof Step.Tell(var event)) {
				this.answers.add(new Outgoing(event, context));
				return;
			}
			want(payment, kind, context);
		}

		private void want(Payment payment, OperationKind kind, MessageContext context) {
			OpenOperations others = this.open.computeIfAbsent(payment.id(), (_) -> new OpenOperations());
			boolean taken = others.isEmpty() && this.permits.use();
			others.add(kind, false);
			this.wanted.add(Operation.Wanted.bySaga(payment.id(), kind, context, taken));
			this.wantedOf.add(payment);
		}

		private void write() {
			PaymentCommands.this.tables.insertPayments(this.newPayments);
			List<Long> ids = PaymentCommands.this.tables.insertOperations(this.wanted,
					PaymentCommands.this.workers.lease());
			for (int i = 0; i < ids.size(); i++) {
				Operation.Wanted operation = this.wanted.get(i);
				if (operation.taken()) {
					this.permits.start(
							Operation.first(ids.get(i), operation.kind(), operation.context(), this.wantedOf.get(i)));
				}
			}
			PaymentCommands.this.tables.hurry(this.hurried);
			PaymentCommands.this.outbox.appendAll(this.answers);
		}

	}

	private static OperationKind kind(PaymentCommand command) {
		return switch (command) {
			case AuthorisePayment _ -> OperationKind.AUTHORISE;
			case CapturePayment _ -> OperationKind.CAPTURE;
			case VoidPayment _ -> OperationKind.VOID;
			case RefundPayment _ -> OperationKind.REFUND;
		};
	}

}
