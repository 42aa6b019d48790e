package dev.sagamart.payments.payment;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.platform.messaging.MessageContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that the provider is to be asked for. Of each payment only the first open
 * operation is carried out, so that all earlier ones are settled by then.
 */
public final class Operation {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final @Nullable Long id;

	private final Payment payment;

	private final OperationKind kind;

	/** Set if a person asked for it, and not the saga. */
	private @Nullable UUID refundId;

	/** Of a refund that names one, or that is done; the saga's is of all that is left. */
	private @Nullable Long amount;

	private @Nullable String reason;

	private Outcome outcome = Outcome.OPEN;

	private @Nullable String detail;

	private int attempts;

	/** Whether the provider may have been asked, this time included. */
	private boolean asked;

	private boolean askedBefore;

	private int refusals;

	/** Until it is due again, if it is put off. */
	private @Nullable Duration delay;

	private final MessageContext context;

	private @Nullable Instant createdAt;

	/** What came of an operation. */
	public enum Outcome {

		/** It is to be carried out, or carried out again. */
		OPEN,

		/** The provider was asked and did not tell what came of it. */
		UNKNOWN,

		DONE,

		/** The provider refused, or nothing was left to do. It is over. */
		DECLINED

	}

	private Operation(@Nullable Long id, Payment payment, OperationKind kind, MessageContext context) {
		this.id = id;
		this.payment = payment;
		this.kind = kind;
		this.context = context;
	}

	/** An operation that is to be written down. */
	static Operation of(Payment payment, OperationKind kind, MessageContext context) {
		return new Operation(null, payment, kind, context);
	}

	static Operation from(ResultSet row) throws SQLException {
		Operation operation = new Operation(row.getLong("operation_id"), Payment.from(row),
				OperationKind.valueOf(row.getString("kind")),
				new MessageContext(row.getString("correlation_id"), row.getString("traceparent")));
		operation.refundId = row.getObject("refund_id", UUID.class);
		operation.amount = row.getObject("operation_amount", Long.class);
		operation.reason = row.getString("reason");
		operation.outcome = Outcome.valueOf(row.getString("outcome"));
		operation.detail = row.getString("detail");
		operation.attempts = row.getInt("attempts");
		operation.asked = row.getBoolean("asked");
		operation.askedBefore = row.getBoolean("asked_before");
		operation.refusals = row.getInt("refusals");
		operation.createdAt = row.getObject("requested_at", OffsetDateTime.class).toInstant();
		return operation;
	}

	/** A refund that a person asks for. */
	static Operation refund(Payment payment, Money amount, @Nullable String reason) {
		Operation refund = of(payment, OperationKind.REFUND, MessageContext.current());
		refund.refundId = IDS.generate();
		refund.amount = amount.amount();
		refund.reason = reason;
		return refund;
	}

	/** Notes that the provider told how the payment stands while it refused this. */
	Operation retrieved() {
		Operation retrieved = of(this.payment, OperationKind.RETRIEVE, this.context);
		retrieved.attempts = 1;
		retrieved.end(Outcome.DONE, null);
		return retrieved;
	}

	/** As {@link Payments#addOperations} writes it. */
	@Nullable Object[] toNewRow() {
		return new @Nullable Object[] { this.refundId, this.payment.id(), this.kind, this.amount, this.reason,
				this.outcome, this.attempts, this.context.correlationId(), this.context.traceparent() };
	}

	/** As {@link Payments#update} writes it. */
	@Nullable Object[] toChangedRow() {
		return new @Nullable Object[] { this.id, this.amount, this.outcome, this.detail, this.asked, this.refusals,
				(this.delay != null) ? Payments.seconds(this.delay) : null };
	}

	/**
	 * What it is answered by if nothing is left to do for the payment as it is by now;
	 * empty if the provider has to be asked.
	 */
	Optional<PaymentEvent> answer() {
		return PaymentAnswers.to(this.kind, this.payment);
	}

	/** What the provider is asked for: a hold that is to be refunded is given back. */
	OperationKind call() {
		return (this.kind == OperationKind.REFUND && this.payment.status() == Payment.Status.AUTHORISED)
				? OperationKind.VOID : this.kind;
	}

	/** How much the provider is asked to give back. */
	public Money toRefund() {
		Money kept = this.payment.kept();
		return (this.amount != null) ? new Money(this.amount, kept.currency()) : kept;
	}

	/**
	 * The idempotency key of a call to the provider for this operation. What was refused
	 * is another call the next time, for the provider remembers its refusals.
	 */
	String key(OperationKind call) {
		String key = this.payment.id() + ":" + call.name().toLowerCase(Locale.ROOT);
		String once = (call == OperationKind.REFUND) ? key + ":" + id() : key;
		return (this.refusals == 0) ? once : once + ":" + this.refusals;
	}

	void end(Outcome how, @Nullable String why) {
		this.outcome = how;
		this.detail = why;
	}

	/** Notes how much was given back. */
	void refunded(Money refund) {
		this.amount = refund.amount();
	}

	/** The provider may have done it: the same call will tell. */
	void unknown(String cause, OperationProperties waits) {
		this.outcome = Outcome.UNKNOWN;
		putOff(cause, waits.afterUnknown(this.attempts));
	}

	/**
	 * The provider was not reached this time.
	 * @param before whether it may have been asked earlier
	 */
	void notAsked(String cause, boolean before, OperationProperties waits) {
		this.asked = before;
		putOff(cause, waits.afterNotAsked());
	}

	/** The provider refused, which is not the end of it. */
	void refused(String cause, OperationProperties waits) {
		this.refusals++;
		putOff(cause, waits.afterRefusal(this.refusals));
	}

	/** The provider refused because the payment stood otherwise than we thought. */
	void refusedAsOutdated(String cause) {
		this.refusals++;
		putOff(cause, Duration.ZERO);
	}

	private void putOff(String cause, Duration until) {
		this.detail = cause;
		this.delay = until;
	}

	long id() {
		return Objects.requireNonNull(this.id, "Not written down yet");
	}

	Payment payment() {
		return this.payment;
	}

	public @Nullable UUID refundId() {
		return this.refundId;
	}

	public OperationKind kind() {
		return this.kind;
	}

	/** Whether the saga asks for the same as with another one. */
	boolean repeats(Operation other) {
		return this.kind == other.kind && !other.isByPerson();
	}

	/** Whether a person asked for it, and not the saga. */
	boolean isByPerson() {
		return this.refundId != null;
	}

	/** How often it was taken up. */
	int attempts() {
		return this.attempts;
	}

	boolean wasAskedBefore() {
		return this.askedBefore;
	}

	/** Whether it was taken up to be given up. */
	boolean isWithdrawn() {
		return !this.asked;
	}

	/** As the person gave it who asked for it. */
	public @Nullable String reason() {
		return this.reason;
	}

	public Outcome outcome() {
		return this.outcome;
	}

	/** Whether the last that was heard of it was a "no". */
	public boolean isRefused() {
		return this.outcome == Outcome.DECLINED || (this.outcome == Outcome.OPEN && this.refusals > 0);
	}

	/** The provider's last "no" to it, in its own word, which is not for the buyer. */
	public String refusal() {
		return Objects.requireNonNull(this.detail, "Not refused");
	}

	/** What its answer continues. */
	MessageContext context() {
		return this.context;
	}

	public Instant createdAt() {
		return Objects.requireNonNull(this.createdAt, "Not written down yet");
	}

}
