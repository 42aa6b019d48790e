package dev.sagamart.payments.payment;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.DeclineReason;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.events.PaymentEvent.UndoDeclined;
import dev.sagamart.payments.provider.PaymentProvider.Authorisation;
import dev.sagamart.payments.provider.ProviderIntent;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one payment of an order. Its verbs take what the provider answered; operations on
 * one payment are asked for and settled one after the other.
 * <p>
 * A void or refund that comes before its authorisation leaves a tombstone: a voided
 * payment without an amount, because of which a later authorisation is not carried out.
 */
@Entity
@Table(name = "payment")
public class Payment {

	/** Why an undo was refused, as far as the buyer may read it in the timeline. */
	private static final Set<String> UNDO_REASONS = Set.of("unknown_to_provider", "charge_disputed",
			"balance_insufficient");

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	@Id
	private UUID id;

	private UUID orderId;

	private @Nullable UUID userId;

	private @Nullable Long amount;

	private @Nullable String currency;

	private @Nullable String paymentMethod;

	@Enumerated(EnumType.STRING)
	private Status status;

	private boolean outcomeUnknown;

	private long captured;

	private long refunded;

	private long lastRefund;

	private @Nullable String providerReference;

	private @Nullable String failure;

	@Version
	private long version;

	private Instant createdAt;

	/** Where a payment stands, as far as we know for certain. */
	public enum Status {

		PENDING, AUTHORISED, CAPTURED, PARTIALLY_REFUNDED, REFUNDED, VOIDED, DECLINED

	}

	@SuppressWarnings("NullAway.Init")
	protected Payment() {
	}

	private Payment(UUID orderId, Status status, Instant now) {
		this.id = IDS.generate();
		this.orderId = orderId;
		this.status = status;
		this.createdAt = now;
	}

	static Payment of(AuthorisePayment command, Instant now) {
		Payment payment = new Payment(command.orderId(), Status.PENDING, now);
		payment.userId = command.userId();
		payment.amount = command.amount().amount();
		payment.currency = command.amount().currency();
		payment.paymentMethod = command.paymentMethod();
		return payment;
	}

	static Payment tombstone(UUID orderId, Instant now) {
		return new Payment(orderId, Status.VOIDED, now);
	}

	static Payment from(ResultSet row) throws SQLException {
		Payment payment = new Payment(row.getObject("order_id", UUID.class), Status.valueOf(row.getString("status")),
				row.getObject("created_at", OffsetDateTime.class).toInstant());
		payment.id = row.getObject("payment_id", UUID.class);
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
		payment.version = row.getLong("version");
		return payment;
	}

	/** What is to be done for an operation of that kind. */
	Step next(OperationKind kind) {
		return switch (kind) {
			case AUTHORISE -> nextToAuthorise();
			case CAPTURE -> nextToCapture();
			case VOID -> nextToVoid();
			case REFUND -> nextToRefund();
			case RETRIEVE -> new Step.Ask(OperationKind.RETRIEVE, amount());
		};
	}

	private Step nextToAuthorise() {
		return switch (this.status) {
			case PENDING -> new Step.Ask(OperationKind.AUTHORISE, amount());
			case AUTHORISED, CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> new Step.Tell(authorisedEvent());
			case DECLINED, VOIDED -> new Step.Tell(new PaymentDeclined(this.orderId, this.id, reason()));
		};
	}

	private Step nextToCapture() {
		return switch (this.status) {
			case PENDING -> throw illegal(OperationKind.CAPTURE);
			case AUTHORISED -> new Step.Ask(OperationKind.CAPTURE, amount());
			case CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> new Step.Tell(captureAnswer());
			case DECLINED, VOIDED -> new Step.Tell(new CaptureDeclined(this.orderId, this.id, reason()));
		};
	}

	private Step nextToVoid() {
		return switch (this.status) {
			case PENDING -> throw illegal(OperationKind.VOID);
			case AUTHORISED -> new Step.Ask(OperationKind.VOID, amount());
			case CAPTURED, PARTIALLY_REFUNDED -> new Step.Tell(capturedEvent());
			case DECLINED, VOIDED, REFUNDED -> new Step.Tell(voidedEvent());
		};
	}

	private Step nextToRefund() {
		return switch (this.status) {
			case PENDING -> throw illegal(OperationKind.REFUND);
			case AUTHORISED -> new Step.Ask(OperationKind.VOID, amount());
			case CAPTURED, PARTIALLY_REFUNDED -> new Step.Ask(OperationKind.REFUND, kept());
			case REFUNDED -> new Step.Tell(refundedEvent());
			case DECLINED, VOIDED -> new Step.Tell(voidedEvent());
		};
	}

	/**
	 * The hold stands.
	 * @param reference the provider's id of the payment
	 */
	Settlement authorised(String reference) {
		require(Status.PENDING, OperationKind.AUTHORISE);
		this.providerReference = reference;
		settled(Status.AUTHORISED);
		return Settlement.of(authorisedEvent(), new Posting(Account.HELD, Account.COMMITTED, amount()));
	}

	Settlement captureSucceeded() {
		require(Status.AUTHORISED, OperationKind.CAPTURE);
		this.failure = null;
		List<Posting> postings = captured(amount());
		return new Settlement(postings, List.of(captureAnswer()));
	}

	private List<Posting> captured(Money taken) {
		List<Posting> postings = new ArrayList<>();
		if (this.status == Status.AUTHORISED) {
			postings.add(holdGone());
		}
		postings.add(new Posting(Account.PROVIDER, Account.SALES, taken));
		this.captured = taken.amount();
		settled(Status.CAPTURED);
		return postings;
	}

	Settlement holdReleased() {
		require(Status.AUTHORISED, OperationKind.VOID);
		settled(Status.VOIDED);
		return Settlement.of(voidedEvent(), holdGone());
	}

	/** The provider was never asked for the hold, and will not be. */
	Settlement withdrawn() {
		require(Status.PENDING, OperationKind.VOID);
		settled(Status.VOIDED);
		return Settlement.of(new PaymentDeclined(this.orderId, this.id, reason()));
	}

	private Posting holdGone() {
		return new Posting(Account.COMMITTED, Account.HELD, amount());
	}

	/**
	 * Takes over what the provider says, as far as it is news: its word decides. What was
	 * captured or refunded there counts as if we had asked for it, and a hold that it
	 * does not have is gone. Money never goes back to an earlier state.
	 * @param intent how the payment stands at the provider
	 */
	Settlement takeOver(ProviderIntent intent) {
		return switch (intent.status()) {
			case HELD -> Settlement.nothing();
			case RELEASED -> (this.status == Status.AUTHORISED) ? holdReleased() : Settlement.nothing();
			case MISSING -> (this.status == Status.AUTHORISED) ? holdMissing() : Settlement.nothing();
			case CAPTURED -> takeOverCapture(intent);
		};
	}

	private Settlement holdMissing() {
		this.failure = DeclineReason.UNKNOWN_TO_PROVIDER.code();
		settled(Status.DECLINED);
		return Settlement.of(voidedEvent(), holdGone());
	}

	private Settlement takeOverCapture(ProviderIntent intent) {
		List<Posting> postings = new ArrayList<>();
		List<PaymentEvent> events = new ArrayList<>();
		boolean capturedThere = this.captured == 0 && intent.captured() > 0;
		if (capturedThere) {
			postings.addAll(captured(money(intent.captured())));
		}
		if (intent.refunded() > this.refunded && intent.refunded() <= this.captured) {
			Settlement refund = refundSucceeded(money(intent.refunded() - this.refunded));
			postings.addAll(refund.postings());
			events.addAll(refund.events());
		}
		if (capturedThere) {
			// first, and yet it depends on what is left after the refund
			events.addFirst(captureAnswer());
		}
		return new Settlement(postings, events);
	}

	Settlement refundSucceeded(Money refund) {
		if (refund.compareTo(kept()) > 0) {
			throw new IllegalStateException("Payment " + this.id + " was refunded more than it captured");
		}
		this.refunded += refund.amount();
		this.lastRefund = refund.amount();
		this.failure = null;
		settled((this.refunded == this.captured) ? Status.REFUNDED : Status.PARTIALLY_REFUNDED);
		return Settlement.of(refundedEvent(), new Posting(Account.REFUNDS, Account.PROVIDER, refund));
	}

	/**
	 * The provider said no. Only a declined authorisation ends the payment; an undo that
	 * is refused is asked for again.
	 */
	Settlement declined(OperationKind call, String reason, @Nullable String reference) {
		this.failure = reason;
		return switch (call) {
			case AUTHORISE -> {
				require(Status.PENDING, call);
				this.providerReference = reference;
				settled(Status.DECLINED);
				yield Settlement.of(new PaymentDeclined(this.orderId, this.id, DeclineReason.of(reason).code()));
			}
			case CAPTURE -> {
				require(Status.AUTHORISED, call);
				settled(this.status);
				yield Settlement.of(new CaptureDeclined(this.orderId, this.id, DeclineReason.of(reason).code()));
			}
			case VOID, REFUND -> {
				settled(this.status);
				yield Settlement
					.of(new UndoDeclined(this.orderId, this.id, UNDO_REASONS.contains(reason) ? reason : "refused"));
			}
			case RETRIEVE -> throw illegal(call);
		};
	}

	void outcomeUnknown() {
		this.outcomeUnknown = true;
	}

	private void settled(Status newStatus) {
		this.status = newStatus;
		this.outcomeUnknown = false;
	}

	private void require(Status expected, OperationKind call) {
		if (this.status != expected) {
			throw illegal(call);
		}
	}

	private IllegalStateException illegal(OperationKind call) {
		return new IllegalStateException(call + " of payment " + this.id + ", which is " + this.status);
	}

	private PaymentAuthorised authorisedEvent() {
		return new PaymentAuthorised(this.orderId, this.id, amount());
	}

	/** A payment of which only a part was captured, or nothing is kept, pays no order. */
	private PaymentEvent captureAnswer() {
		return (this.captured == amount().amount() && this.status != Status.REFUNDED) ? capturedEvent()
				: new CaptureDeclined(this.orderId, this.id, DeclineReason.CAPTURED_OTHERWISE.code());
	}

	private PaymentCaptured capturedEvent() {
		return new PaymentCaptured(this.orderId, this.id, money(this.captured));
	}

	PaymentVoided voidedEvent() {
		return new PaymentVoided(this.orderId, this.id);
	}

	private PaymentRefunded refundedEvent() {
		return new PaymentRefunded(this.orderId, this.id, money(this.lastRefund), kept());
	}

	private String reason() {
		return ((this.status == Status.DECLINED && this.failure != null) ? DeclineReason.of(this.failure)
				: DeclineReason.VOIDED)
			.code();
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

	/** Whether there is more to it than an undo that came first. */
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

	@Nullable String currency() {
		return this.currency;
	}

	@Nullable String paymentMethod() {
		return this.paymentMethod;
	}

	@Nullable String providerReference() {
		return this.providerReference;
	}

	/** In minor units. */
	long captured() {
		return this.captured;
	}

	/** In minor units. */
	long refunded() {
		return this.refunded;
	}

	long lastRefund() {
		return this.lastRefund;
	}

}
