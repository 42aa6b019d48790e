package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.UndoDeclined;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.payment.Payment.Status;
import dev.sagamart.payments.payment.Posting.Account;
import dev.sagamart.payments.provider.ProviderIntent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static dev.sagamart.payments.payment.OperationFixtures.operation;
import static dev.sagamart.payments.payment.OperationFixtures.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PaymentTests {

	private final UUID orderId = UUID.randomUUID();

	/** Each kind of operation in each status: an event in lower case, or a call. */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// status, authorise, capture, void, refund
			"PENDING, AUTHORISE, illegal, illegal, illegal", "AUTHORISED, authorised, CAPTURE, VOID, VOID",
			"CAPTURED, authorised, captured, captured, REFUND",
			"PARTIALLY_REFUNDED, authorised, captured, captured, REFUND",
			"REFUNDED, authorised, captureDeclined:captured_otherwise, voided, refunded",
			"VOIDED, declined:voided, captureDeclined:voided, voided, voided",
			"DECLINED, declined:card_declined, captureDeclined:card_declined, voided, voided" })
	void returnsTheReplyOrTheCall(Status status, String authorise, String capture, String undo, String refund) {
		Payment payment = payment(status);
		assertThat(next(payment, OperationKind.AUTHORISE)).isEqualTo(authorise);
		assertThat(next(payment, OperationKind.CAPTURE)).isEqualTo(capture);
		assertThat(next(payment, OperationKind.VOID)).isEqualTo(undo);
		assertThat(next(payment, OperationKind.REFUND)).isEqualTo(refund);
	}

	@ParameterizedTest
	@EnumSource(Status.class)
	void refusesIllegalTransitions(Status status) {
		if (status != Status.PENDING) {
			assertThatIllegalStateException().isThrownBy(() -> payment(status).authorised("pi_2"));
			assertThatIllegalStateException()
				.isThrownBy(() -> payment(status).declined(OperationKind.AUTHORISE, "x", null));
		}
		if (status != Status.AUTHORISED) {
			assertThatIllegalStateException().isThrownBy(() -> payment(status).captureSucceeded());
			assertThatIllegalStateException().isThrownBy(() -> payment(status).holdReleased());
			assertThatIllegalStateException()
				.isThrownBy(() -> payment(status).declined(OperationKind.CAPTURE, "x", null));
		}
	}

	@Test
	void refusesARefundThatExceedsTheNetAmount() {
		assertThatIllegalStateException()
			.isThrownBy(() -> payment(Status.PARTIALLY_REFUNDED).refundSucceeded(eur(1500)));
		assertThatIllegalStateException().isThrownBy(() -> payment(Status.AUTHORISED).refundSucceeded(eur(1)));
	}

	@Test
	void publishesAndBooksEveryMovement() {
		Payment payment = Payment.of(PaymentFixtures.authorise(this.orderId, "pm_card_visa"), Instant.EPOCH);
		Posting.Balance nothing = Posting.Balance.of(payment);
		payment.outcomeUnknown();
		assertThat(payment.authorised("pi_1"))
			.containsExactly(new PaymentAuthorised(this.orderId, payment.id(), eur(1999)));
		assertThat(payment.isOutcomeUnknown()).isFalse();
		assertThat(Posting.between(nothing, payment, 7))
			.containsExactly(posting(payment, Account.HELD, Account.COMMITTED, 1999));
		Posting.Balance held = Posting.Balance.of(payment);
		assertThat(payment.captureSucceeded())
			.containsExactly(new PaymentCaptured(this.orderId, payment.id(), eur(1999)));
		assertThat(Posting.between(held, payment, 7)).containsExactly(
				posting(payment, Account.COMMITTED, Account.HELD, 1999),
				posting(payment, Account.PROVIDER, Account.SALES, 1999));
		Posting.Balance captured = Posting.Balance.of(payment);
		assertThat(payment.refundSucceeded(eur(500)))
			.containsExactly(new PaymentRefunded(this.orderId, payment.id(), eur(500), eur(1499)));
		assertThat(Posting.between(captured, payment, 7))
			.containsExactly(posting(payment, Account.REFUNDS, Account.PROVIDER, 500));
		assertThat(payment.status()).isEqualTo(Status.PARTIALLY_REFUNDED);
		payment.refundSucceeded(eur(1499));
		assertThat(payment.status()).isEqualTo(Status.REFUNDED);
		assertThat(payment.netAmount()).isEqualTo(eur(0));
	}

	@Test
	void keepsTheHoldWhenTheCaptureIsDeclined() {
		Payment payment = payment(Status.AUTHORISED);
		assertThat(payment.declined(OperationKind.CAPTURE, "generic_decline", "pi_1"))
			.containsExactly(new CaptureDeclined(this.orderId, payment.id(), "card_declined"));
		assertThat(payment.status()).isEqualTo(Status.AUTHORISED);
		assertThat(payment.failure()).isEqualTo("generic_decline");
		Posting.Balance held = Posting.Balance.of(payment);
		payment.holdReleased();
		assertThat(Posting.between(held, payment, 7))
			.containsExactly(posting(payment, Account.COMMITTED, Account.HELD, 1999));
	}

	@ParameterizedTest
	@CsvSource({ "stolen_card, card_declined", "insufficient_funds, insufficient_funds" })
	void eventsContainOnlyReasonsThatTheBuyerMayKnow(String code, String expected) {
		Payment payment = payment(Status.PENDING);
		assertThat(payment.declined(OperationKind.AUTHORISE, code, null))
			.containsExactly(new PaymentDeclined(this.orderId, payment.id(), expected));
		assertThat(payment.failure()).isEqualTo(code);
		assertThat(next(payment, OperationKind.AUTHORISE)).isEqualTo("declined:" + expected);
		assertThat(next(payment, OperationKind.CAPTURE)).isEqualTo("captureDeclined:" + expected);
		Payment held = payment(Status.AUTHORISED);
		assertThat(held.declined(OperationKind.CAPTURE, code, "pi_1"))
			.containsExactly(new CaptureDeclined(this.orderId, held.id(), expected));
	}

	@ParameterizedTest
	@EnumSource(names = { "VOID", "REFUND" })
	void aDeclinedUndoDoesNotChangeTheStatus(OperationKind undo) {
		Payment payment = payment(Status.CAPTURED);
		assertThat(payment.declined(undo, "charge_disputed", null))
			.containsExactly(new UndoDeclined(this.orderId, payment.id(), "charge_disputed"));
		assertThat(payment.status()).isEqualTo(Status.CAPTURED);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// status before, status at provider, captured, refunded, status after, events
			"AUTHORISED, HELD, 0, 0, AUTHORISED, -", "AUTHORISED, RELEASED, 0, 0, VOIDED, voided",
			"AUTHORISED, MISSING, 0, 0, DECLINED, voided", "AUTHORISED, CAPTURED, 1999, 0, CAPTURED, captured",
			"AUTHORISED, CAPTURED, 1500, 0, CAPTURED, captureDeclined:captured_otherwise",
			"AUTHORISED, CAPTURED, 1999, 500, PARTIALLY_REFUNDED, captured refunded",
			"AUTHORISED, CAPTURED, 1999, 1999, REFUNDED, captureDeclined:captured_otherwise refunded",
			"VOIDED, CAPTURED, 1999, 1999, REFUNDED, captureDeclined:captured_otherwise refunded",
			"CAPTURED, CAPTURED, 1999, 0, CAPTURED, -", "CAPTURED, CAPTURED, 1999, 1, PARTIALLY_REFUNDED, refunded",
			"CAPTURED, CAPTURED, 1999, 1999, REFUNDED, refunded", "CAPTURED, MISSING, 0, 0, CAPTURED, -",
			"CAPTURED, RELEASED, 0, 0, CAPTURED, -", "PARTIALLY_REFUNDED, CAPTURED, 1999, 0, PARTIALLY_REFUNDED, -",
			"PARTIALLY_REFUNDED, CAPTURED, 1999, 1999, REFUNDED, refunded", "REFUNDED, CAPTURED, 1999, 0, REFUNDED, -",
			"REFUNDED, CAPTURED, 1999, 1999, REFUNDED, -", "VOIDED, CAPTURED, 1999, 0, CAPTURED, captured",
			"VOIDED, RELEASED, 0, 0, VOIDED, -", "DECLINED, CAPTURED, 1999, 0, CAPTURED, captured",
			"DECLINED, MISSING, 0, 0, DECLINED, -" })
	void takesOverTheStateAtTheProvider(Status before, ProviderIntent.Status atProvider, long captured, long refunded,
			Status after, String expected) {
		Payment payment = payment(before);
		Posting.Balance balance = Posting.Balance.of(payment);
		List<PaymentEvent> events = payment.takeOver(new ProviderIntent(atProvider, captured, refunded));
		assertThat(payment.status()).isEqualTo(after);
		assertThat(events).extracting(OperationFixtures::name)
			.containsExactly((expected == null) ? new String[0] : expected.split(" "));
		List<Posting> postings = Posting.between(balance, payment, 7);
		assertThat(postings.isEmpty()).isEqualTo(expected == null);
		long moved = postings.stream().mapToLong((posting) -> {
			long amount = posting.amount();
			return (posting.debit() == Account.PROVIDER) ? amount
					: (posting.credit() == Account.PROVIDER) ? -amount : 0;
		}).sum();
		assertThat(payment.netAmount().amount()).isEqualTo(payment(before).netAmount().amount() + moved);
		assertThat(payment.takeOver(new ProviderIntent(atProvider, captured, refunded))).isEmpty();
	}

	@Test
	void aPartialCaptureDoesNotPayForTheOrder() {
		Payment payment = payment(Status.AUTHORISED);
		payment.takeOver(new ProviderIntent(ProviderIntent.Status.CAPTURED, 1500, 0));
		assertThat(next(payment, OperationKind.CAPTURE)).isEqualTo("captureDeclined:captured_otherwise");
		assertThat(PaymentReplies.to(OperationKind.VOID, payment))
			.contains(new PaymentCaptured(this.orderId, payment.id(), eur(1500)));
		assertThat(next(payment, OperationKind.REFUND)).isEqualTo("REFUND");
		assertThat(operation(OperationKind.REFUND, payment).refundAmount()).isEqualTo(eur(1500));
	}

	@Test
	void isVoidedByAWithdrawal() {
		Payment payment = payment(Status.PENDING);
		Posting.Balance before = Posting.Balance.of(payment);
		payment.withdrawn();
		assertThat(Posting.between(before, payment, 7)).isEmpty();
		assertThat(payment.status()).isEqualTo(Status.VOIDED);
		assertThatIllegalStateException().isThrownBy(() -> payment(Status.AUTHORISED).withdrawn());
	}

	@Test
	void usesOneIdempotencyKeyPerOperation() {
		Payment payment = payment(Status.CAPTURED);
		Operation part = stored(7, Operation.refund(payment, eur(100), null));
		assertThat(part.refundAmount()).isEqualTo(eur(100));
		assertThat(part.idempotencyKey(OperationKind.REFUND)).isEqualTo(payment.id() + ":refund:7");
		assertThat(part.idempotencyKey(OperationKind.CAPTURE)).isEqualTo(payment.id() + ":capture");
		assertThat(operation(OperationKind.REFUND, payment(Status.AUTHORISED)).callKind())
			.isEqualTo(OperationKind.VOID);
		Operation refused = stored(9, operation(OperationKind.REFUND, payment));
		refused.retryOutdated("no");
		refused.retryOutdated("no");
		assertThat(refused.idempotencyKey(OperationKind.REFUND)).isEqualTo(payment.id() + ":refund:9:2");
	}

	@Test
	void delaysGrowUpToAMaximum() {
		Duration max = Duration.ofSeconds(20);
		OperationProperties properties = new OperationProperties(max, max, Duration.ofMillis(250), max, max, max, max);
		for (int attempt = 1; attempt < 80; attempt++) {
			long doubled = (attempt > 7) ? 20_000 : 250L << (attempt - 1);
			assertThat(properties.delayAfterUnknown(attempt))
				.isBetween(Duration.ofMillis(Math.min(doubled, 20_000) / 2), Duration.ofMillis(doubled));
		}
	}

	private static Posting posting(Payment payment, Account debit, Account credit, long amount) {
		return new Posting(7, payment.id(), debit, credit, amount, "EUR");
	}

	private static String next(Payment payment, OperationKind kind) {
		try {
			return PaymentReplies.to(kind, payment)
				.map(OperationFixtures::name)
				.orElseGet(() -> operation(kind, payment).callKind().name());
		}
		catch (IllegalStateException ex) {
			return "illegal";
		}
	}

	private Payment payment(Status status) {
		return OperationFixtures.payment(this.orderId, status);
	}

}
