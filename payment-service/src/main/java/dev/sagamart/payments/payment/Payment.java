package dev.sagamart.payments.payment;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.payments.provider.PaymentProvider.Authorisation;
import dev.sagamart.payments.provider.ProviderIntent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The payment of an order; an order has exactly one. Its methods apply the results of
 * calls to the provider, and return the events to publish. The operations of a payment
 * are carried out and settled one after the other.
 * <p>
 * A void or refund that arrives before the authorisation leaves a tombstone: a voided
 * payment without an amount, which keeps the later authorisation from being carried out.
 */
public final class Payment {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final UUID id;

	private final UUID orderId;

	private @Nullable UUID userId;

	private @Nullable Long amount;

	private @Nullable String currency;

	private @Nullable String paymentMethod;

	private Status status;

	private boolean outcomeUnknown;

	private long captured;

	private long refunded;

	private long lastRefund;

	private @Nullable String providerReference;

	private @Nullable String failure;

	private final Instant createdAt;

	/** The last status that the provider confirmed. */
	public enum Status {

		PENDING, AUTHORISED, CAPTURED, PARTIALLY_REFUNDED, REFUNDED, VOIDED, DECLINED

	}

	private Payment(UUID id, UUID orderId, Status status, Instant createdAt) {
		this.id = id;
		this.orderId = orderId;
		this.status = status;
		this.createdAt = createdAt;
	}

	/** Creates the payment for the first command of an order. */
	static Payment of(PaymentCommand command, Instant now) {
		Payment payment = new Payment(IDS.generate(), command.orderId(), Status.VOIDED, now);
		if (command instanceof AuthorisePayment authorise) {
			payment.status = Status.PENDING;
			payment.userId = authorise.userId();
			payment.amount = authorise.amount().amount();
			payment.currency = authorise.amount().currency();
			payment.paymentMethod = authorise.paymentMethod();
		}
		return payment;
	}

	static Payment from(ResultSet row) throws SQLException {
		Payment payment = new Payment(row.getObject("payment_id", UUID.class), row.getObject("order_id", UUID.class),
				Status.valueOf(row.getString("status")), row.getObject("created_at", OffsetDateTime.class).toInstant());
		payment.userId = row.getObject("user_id", UUID.class);
		payment.amount = row.getObject("amount", Long.class);
		payment.currency = row.getString("currency");
		payment.paymentMethod = row.getString("payment_method");
		payment.outcomeUnknown = row.getBoolean("outcome_unknown");
		payment.captured = row.getLong("captured");
		payment.refunded = row.getLong("refunded");
		payment.lastRefund = row.getLong("last_refund");
		payment.providerReference = row.getString("provider_reference");
		payment.failure = row.getString("failure");
		return payment;
	}

	/** The columns in the order of {@link Payments#add}. */
	@Nullable Object[] toInsertRow() {
		return new @Nullable Object[] { this.id, this.orderId, this.userId, this.amount, this.currency,
				this.paymentMethod, this.status, Timestamp.from(this.createdAt) };
	}

	/** The columns in the order of {@link Payments#update}. */
	@Nullable Object[] toUpdateRow() {
		return new @Nullable Object[] { this.id, this.status, this.outcomeUnknown, this.captured, this.refunded,
				this.lastRefund, this.providerReference, this.failure };
	}

	List<PaymentEvent> authorised(String reference) {
		transition(Status.PENDING, OperationKind.AUTHORISE, Status.AUTHORISED);
		this.providerReference = reference;
		return List.of(PaymentReplies.authorised(this));
	}

	List<PaymentEvent> captureSucceeded() {
		transition(Status.AUTHORISED, OperationKind.CAPTURE, Status.CAPTURED);
		this.failure = null;
		this.captured = amount().amount();
		return List.of(PaymentReplies.capture(this));
	}

	List<PaymentEvent> holdReleased() {
		transition(Status.AUTHORISED, OperationKind.VOID, Status.VOIDED);
		return List.of(PaymentReplies.voided(this));
	}

	/** The provider was never asked to authorise, and will not be asked. */
	List<PaymentEvent> withdrawn() {
		transition(Status.PENDING, OperationKind.VOID, Status.VOIDED);
		return List.of(PaymentReplies.authorisationDeclined(this));
	}

	/**
	 * Takes over the state of the payment at the provider, which takes precedence over
	 * ours. Captures and refunds that somebody made there count like our own, and a hold
	 * that the provider does not have is gone. Captured and refunded amounts never
	 * decrease.
	 * @return the events to publish, in order; empty if and only if nothing has changed
	 */
	List<PaymentEvent> takeOver(ProviderIntent intent) {
		return switch (intent.status()) {
			case HELD -> List.of();
			case RELEASED -> (this.status == Status.AUTHORISED) ? holdReleased() : List.of();
			case MISSING -> (this.status == Status.AUTHORISED) ? holdMissing() : List.of();
			case CAPTURED -> takeOverCapture(intent);
		};
	}

	private List<PaymentEvent> holdMissing() {
		this.failure = DeclineReason.UNKNOWN_TO_PROVIDER.code();
		updateStatus(Status.DECLINED);
		return List.of(PaymentReplies.voided(this));
	}

	private List<PaymentEvent> takeOverCapture(ProviderIntent intent) {
		List<PaymentEvent> events = new ArrayList<>();
		boolean capturedThere = this.captured == 0 && intent.captured() > 0;
		if (capturedThere) {
			this.captured = intent.captured();
			updateStatus(Status.CAPTURED);
		}
		if (intent.refunded() > this.refunded && intent.refunded() <= this.captured) {
			events.addAll(refundSucceeded(money(intent.refunded() - this.refunded)));
		}
		if (capturedThere) {
			// Comes before the refund, but depends on what the refund leaves.
			events.addFirst(PaymentReplies.capture(this));
		}
		return events;
	}

	List<PaymentEvent> refundSucceeded(Money refund) {
		if (refund.compareTo(netAmount()) > 0) {
			throw new IllegalStateException("The refunds of payment " + this.id + " exceed its capture");
		}
		this.refunded += refund.amount();
		this.lastRefund = refund.amount();
		this.failure = null;
		updateStatus((this.refunded == this.captured) ? Status.REFUNDED : Status.PARTIALLY_REFUNDED);
		return List.of(PaymentReplies.refunded(this));
	}

	/**
	 * The provider declined a call. Only a declined authorisation ends the payment. A
	 * declined void or refund is retried.
	 */
	List<PaymentEvent> declined(OperationKind call, String reason, @Nullable String reference) {
		switch (call) {
			case AUTHORISE -> {
				transition(Status.PENDING, call, Status.DECLINED);
				this.providerReference = reference;
			}
			case CAPTURE -> transition(Status.AUTHORISED, call, Status.AUTHORISED);
			case VOID, REFUND, RETRIEVE -> updateStatus(this.status);
		}
		this.failure = reason;
		return List.of(PaymentReplies.declined(call, this, reason));
	}

	void outcomeUnknown() {
		this.outcomeUnknown = true;
	}

	private void updateStatus(Status newStatus) {
		this.status = newStatus;
		this.outcomeUnknown = false;
	}

	private void transition(Status from, OperationKind call, Status to) {
		if (this.status != from) {
			throw illegalTransition(call);
		}
		updateStatus(to);
	}

	IllegalStateException illegalTransition(OperationKind call) {
		return new IllegalStateException(call + " of payment " + this.id + ", which is " + this.status);
	}

	Authorisation authorisation() {
		return new Authorisation(this.id, this.orderId, amount(),
				Objects.requireNonNull(this.paymentMethod, "A tombstone is never authorised"));
	}

	String reference() {
		return Objects.requireNonNull(this.providerReference, "Not authorised yet");
	}

	/** The captured amount minus the refunded amount. */
	public Money netAmount() {
		return money(this.captured - this.refunded);
	}

	public UUID id() {
		return this.id;
	}

	public UUID orderId() {
		return this.orderId;
	}

	/** Whether its first command was not the authorisation. */
	public boolean isTombstone() {
		return this.amount == null;
	}

	/** The buyer; {@code null} for a tombstone. */
	public @Nullable UUID userId() {
		return this.userId;
	}

	public Money amount() {
		return money(Objects.requireNonNull(this.amount, "A tombstone has no amount"));
	}

	public Money capturedAmount() {
		return money(this.captured);
	}

	public Money refundedAmount() {
		return money(this.refunded);
	}

	Money lastRefund() {
		return money(this.lastRefund);
	}

	private Money money(long minorUnits) {
		return new Money(minorUnits, Objects.requireNonNull(this.currency, "A tombstone has no currency"));
	}

	public Status status() {
		return this.status;
	}

	/** Whether the result of the last call to the provider is not known. */
	public boolean isOutcomeUnknown() {
		return this.outcomeUnknown;
	}

	/** The provider's code for its last refusal, which the buyer must not see. */
	public @Nullable String failure() {
		return this.failure;
	}

	public Instant createdAt() {
		return this.createdAt;
	}

}
