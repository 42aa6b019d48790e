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
 * The one payment of an order. Its verbs take what the provider answered; operations on
 * one payment are asked for and settled one after the other.
 * <p>
 * A void or refund that comes before its authorisation leaves a tombstone: a voided
 * payment without an amount, because of which a later authorisation is not carried out.
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

	/** Where a payment stands, as far as we know for certain. */
	public enum Status {

		PENDING, AUTHORISED, CAPTURED, PARTIALLY_REFUNDED, REFUNDED, VOIDED, DECLINED

	}

	private Payment(UUID id, UUID orderId, Status status, Instant createdAt) {
		this.id = id;
		this.orderId = orderId;
		this.status = status;
		this.createdAt = createdAt;
	}

	/** The payment that a command is the first to name. */
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

	/** As {@link Payments#add} writes it. */
	@Nullable Object[] toNewRow() {
		return new @Nullable Object[] { this.id, this.orderId, this.userId, this.amount, this.currency,
				this.paymentMethod, this.status, Timestamp.from(this.createdAt) };
	}

	/** As {@link Payments#update} writes it. */
	@Nullable Object[] toChangedRow() {
		return new @Nullable Object[] { this.id, this.status, this.outcomeUnknown, this.captured, this.refunded,
				this.lastRefund, this.providerReference, this.failure };
	}

	/** The hold stands, under the provider's id of the payment. */
	List<PaymentEvent> authorised(String reference) {
		change(Status.PENDING, OperationKind.AUTHORISE, Status.AUTHORISED);
		this.providerReference = reference;
		return List.of(PaymentAnswers.authorised(this));
	}

	List<PaymentEvent> captureSucceeded() {
		change(Status.AUTHORISED, OperationKind.CAPTURE, Status.CAPTURED);
		this.failure = null;
		this.captured = amount().amount();
		return List.of(PaymentAnswers.capture(this));
	}

	List<PaymentEvent> holdReleased() {
		change(Status.AUTHORISED, OperationKind.VOID, Status.VOIDED);
		return List.of(PaymentAnswers.voided(this));
	}

	/** The provider was never asked for the hold, and will not be. */
	List<PaymentEvent> withdrawn() {
		change(Status.PENDING, OperationKind.VOID, Status.VOIDED);
		return List.of(PaymentAnswers.authorisationDeclined(this));
	}

	/**
	 * Takes over what the provider says, as far as it is news: its word decides. What was
	 * captured or refunded there counts as if we had asked for it, and a hold that it
	 * does not have is gone. Money never goes back to an earlier state.
	 * @param intent how the payment stands at the provider
	 * @return what to tell, in order; empty if and only if the payment is as it was
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
		settled(Status.DECLINED);
		return List.of(PaymentAnswers.voided(this));
	}

	private List<PaymentEvent> takeOverCapture(ProviderIntent intent) {
		List<PaymentEvent> events = new ArrayList<>();
		boolean capturedThere = this.captured == 0 && intent.captured() > 0;
		if (capturedThere) {
			this.captured = intent.captured();
			settled(Status.CAPTURED);
		}
		if (intent.refunded() > this.refunded && intent.refunded() <= this.captured) {
			events.addAll(refundSucceeded(money(intent.refunded() - this.refunded)));
		}
		if (capturedThere) {
			// first, and yet it depends on what is left after the refund
			events.addFirst(PaymentAnswers.capture(this));
		}
		return events;
	}

	List<PaymentEvent> refundSucceeded(Money refund) {
		if (refund.compareTo(kept()) > 0) {
			throw new IllegalStateException("Payment " + this.id + " was refunded more than it captured");
		}
		this.refunded += refund.amount();
		this.lastRefund = refund.amount();
		this.failure = null;
		settled((this.refunded == this.captured) ? Status.REFUNDED : Status.PARTIALLY_REFUNDED);
		return List.of(PaymentAnswers.refunded(this));
	}

	/**
	 * The provider said no. Only a declined authorisation ends the payment; an undo that
	 * is refused is asked for again.
	 */
	List<PaymentEvent> declined(OperationKind call, String reason, @Nullable String reference) {
		switch (call) {
			case AUTHORISE -> {
				change(Status.PENDING, call, Status.DECLINED);
				this.providerReference = reference;
			}
			case CAPTURE -> change(Status.AUTHORISED, call, Status.AUTHORISED);
			case VOID, REFUND, RETRIEVE -> settled(this.status);
		}
		this.failure = reason;
		return List.of(PaymentAnswers.declined(call, this, reason));
	}

	void outcomeUnknown() {
		this.outcomeUnknown = true;
	}

	private void settled(Status newStatus) {
		this.status = newStatus;
		this.outcomeUnknown = false;
	}

	private void change(Status from, OperationKind call, Status to) {
		if (this.status != from) {
			throw illegal(call);
		}
		settled(to);
	}

	IllegalStateException illegal(OperationKind call) {
		return new IllegalStateException(call + " of payment " + this.id + ", which is " + this.status);
	}

	Authorisation authorisation() {
		return new Authorisation(this.id, this.orderId, amount(),
				Objects.requireNonNull(this.paymentMethod, "A tombstone is never authorised"));
	}

	String reference() {
		return Objects.requireNonNull(this.providerReference, "Not authorised yet");
	}

	/** What was captured and not refunded. */
	public Money kept() {
		return money(this.captured - this.refunded);
	}

	public UUID id() {
		return this.id;
	}

	public UUID orderId() {
		return this.orderId;
	}

	/** Whether it is no more than an undo that came first. */
	public boolean isTombstone() {
		return this.amount == null;
	}

	/** Whose payment it is; nobody's if it is a tombstone. */
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

	/** Whether the provider was asked for something and did not tell what came of it. */
	public boolean isOutcomeUnknown() {
		return this.outcomeUnknown;
	}

	/** The provider's code for its last "no". */
	public @Nullable String failure() {
		return this.failure;
	}

	public Instant createdAt() {
		return this.createdAt;
	}

}
