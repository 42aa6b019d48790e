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
 * A call of the payment provider that has to be made, or was made. The open operations of
 * a payment are carried out one after the other, the oldest first.
 */
public final class Operation {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final @Nullable Long id;

	private final Payment payment;

	private final OperationKind kind;

	/** Only set for a refund that an administrator requested. */
	private @Nullable UUID refundId;

	/** In minor units. A refund of the saga has no amount until it is done. */
	private @Nullable Long amount;

	private @Nullable String reason;

	private Outcome outcome = Outcome.OPEN;

	private @Nullable String detail;

	private int attempts;

	/** Whether the provider may have been called, the current attempt included. */
	private boolean asked;

	private boolean askedBefore;

	private int refusals;

	/** The time until the next attempt; {@code null} if there is none. */
	private @Nullable Duration delay;

	private final MessageContext context;

	private @Nullable Instant createdAt;

	/** The outcome of an operation. */
	public enum Outcome {

		/** It still has to be carried out. */
		OPEN,

		/** The provider was called, but its result is not known. It is called again. */
		UNKNOWN,

		DONE,

		/** The provider refused, or there was nothing left to refund. */
		DECLINED

	}

	private Operation(@Nullable Long id, Payment payment, OperationKind kind, MessageContext context) {
		this.id = id;
		this.payment = payment;
		this.kind = kind;
		this.context = context;
	}

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

	/** A refund that an administrator requests. */
	static Operation refund(Payment payment, Money amount, @Nullable String reason) {
		Operation refund = of(payment, OperationKind.REFUND, MessageContext.current());
		refund.refundId = IDS.generate();
		refund.amount = amount.amount();
		refund.reason = reason;
		return refund;
	}

	/** A finished retrieval, for the state that the provider returned with a refusal. */
	Operation toRetrieval() {
		Operation retrieval = of(this.payment, OperationKind.RETRIEVE, this.context);
		retrieval.attempts = 1;
		retrieval.finish(Outcome.DONE, null);
		return retrieval;
	}

	/** The columns in the order of {@link Payments#addOperations}. */
	@Nullable Object[] toInsertRow() {
		return new @Nullable Object[] { this.refundId, this.payment.id(), this.kind, this.amount, this.reason,
				this.outcome, this.attempts, this.context.correlationId(), this.context.traceparent() };
	}

	/** The columns in the order of {@link Payments#update}. */
	@Nullable Object[] toUpdateRow() {
		return new @Nullable Object[] { this.id, this.amount, this.outcome, this.detail, this.asked, this.refusals,
				(this.delay != null) ? Payments.seconds(this.delay) : null };
	}

	/**
	 * The reply to the saga if the status of the payment leaves nothing to do; empty if
	 * the provider has to be called.
	 */
	Optional<PaymentEvent> reply() {
		return PaymentReplies.to(this.kind, this.payment);
	}

	/** The kind of the call to the provider: a refund before the capture is a void. */
	OperationKind callKind() {
		return (this.kind == OperationKind.REFUND && this.payment.status() == Payment.Status.AUTHORISED)
				? OperationKind.VOID : this.kind;
	}

	public Money refundAmount() {
		Money net = this.payment.netAmount();
		return (this.amount != null) ? new Money(this.amount, net.currency()) : net;
	}

	/**
	 * The idempotency key of a call to the provider for this operation. It changes with
	 * each refusal, because the provider repeats a refusal to the same key.
	 */
	String idempotencyKey(OperationKind call) {
		String key = this.payment.id() + ":" + call.name().toLowerCase(Locale.ROOT);
		String once = (call == OperationKind.REFUND) ? key + ":" + id() : key;
		return (this.refusals == 0) ? once : once + ":" + this.refusals;
	}

	void finish(Outcome finalOutcome, @Nullable String cause) {
		this.outcome = finalOutcome;
		this.detail = cause;
	}

	void recordRefund(Money refund) {
		this.amount = refund.amount();
	}

	/**
	 * The provider may have carried it out; the same call with the same key will tell.
	 */
	void retryUnknown(String cause, OperationProperties properties) {
		this.outcome = Outcome.UNKNOWN;
		retry(cause, properties.delayAfterUnknown(this.attempts));
	}

	/**
	 * The provider was not reached in this attempt.
	 * @param before whether an earlier attempt may have reached it
	 */
	void retryNotAsked(String cause, boolean before, OperationProperties properties) {
		this.asked = before;
		retry(cause, properties.delayAfterNotAsked());
	}

	/** The provider refused, but may accept the operation later. */
	void retryRefused(String cause, OperationProperties properties) {
		this.refusals++;
		retry(cause, properties.delayAfterRefusal(this.refusals));
	}

	/** The provider refused because our status of the payment was outdated. */
	void retryOutdated(String cause) {
		this.refusals++;
		retry(cause, Duration.ZERO);
	}

	private void retry(String cause, Duration after) {
		this.detail = cause;
		this.delay = after;
	}

	long id() {
		return Objects.requireNonNull(this.id, "The operation is not stored yet");
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

	/** Whether it is the same operation that the saga has already requested. */
	boolean repeats(Operation other) {
		return this.kind == other.kind && !other.isManual();
	}

	/** Whether an administrator requested it, instead of the saga. */
	boolean isManual() {
		return this.refundId != null;
	}

	int attempts() {
		return this.attempts;
	}

	boolean wasAskedBefore() {
		return this.askedBefore;
	}

	/**
	 * Whether it is an authorisation that a void withdrew before the provider was called.
	 */
	boolean isWithdrawn() {
		return !this.asked;
	}

	/** The reason that the administrator gave. */
	public @Nullable String reason() {
		return this.reason;
	}

	public Outcome outcome() {
		return this.outcome;
	}

	/** Whether the provider refused it, and has not carried it out since. */
	public boolean isRefused() {
		return this.outcome == Outcome.DECLINED || (this.outcome == Outcome.OPEN && this.refusals > 0);
	}

	/** The provider's code for its last refusal, which the buyer must not see. */
	public String refusal() {
		return Objects.requireNonNull(this.detail, "The operation was not refused");
	}

	/** The context of the request, which the reply continues. */
	MessageContext context() {
		return this.context;
	}

	public Instant createdAt() {
		return Objects.requireNonNull(this.createdAt, "The operation is not stored yet");
	}

}
