package dev.sagamart.payments.payment;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.events.PaymentEvent.UndoDeclined;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.payment.Payment.Status;
import dev.sagamart.payments.provider.ProviderIntent;
import dev.sagamart.platform.messaging.MessageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PaymentTests {

	private final UUID orderId = UUID.randomUUID();

	/** Every kind of operation in every state. */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// status, authorise, capture, void, refund
			"PENDING, AUTHORISE, illegal, illegal, illegal", "AUTHORISED, authorised, CAPTURE, VOID, VOID",
			"CAPTURED, authorised, captured, captured, REFUND",
			"PARTIALLY_REFUNDED, authorised, captured, captured, REFUND",
			"REFUNDED, authorised, captureDeclined:captured_otherwise, voided, refunded",
			"VOIDED, declined:voided, captureDeclined:voided, voided, voided",
			"DECLINED, declined:card_declined, captureDeclined:card_declined, voided, voided" })
	void knowsWhatIsNext(Status status, String authorise, String capture, String undo, String refund) {
		Payment payment = payments().get(status);
		assertThat(next(payment, OperationKind.AUTHORISE)).isEqualTo(authorise);
		assertThat(next(payment, OperationKind.CAPTURE)).isEqualTo(capture);
		assertThat(next(payment, OperationKind.VOID)).isEqualTo(undo);
		assertThat(next(payment, OperationKind.REFUND)).isEqualTo(refund);
	}

	@ParameterizedTest
	@EnumSource(Status.class)
	void refusesToSettleWhatDoesNotFit(Status status) {
		if (status != Status.PENDING) {
			assertThatIllegalStateException().isThrownBy(() -> payments().get(status).authorised("pi_2"));
			assertThatIllegalStateException()
				.isThrownBy(() -> payments().get(status).declined(OperationKind.AUTHORISE, "x", null));
		}
		if (status != Status.AUTHORISED) {
			assertThatIllegalStateException().isThrownBy(() -> payments().get(status).captureSucceeded());
			assertThatIllegalStateException().isThrownBy(() -> payments().get(status).holdReleased());
			assertThatIllegalStateException()
				.isThrownBy(() -> payments().get(status).declined(OperationKind.CAPTURE, "x", null));
		}
	}

	@Test
	void refusesARefundOfMoreThanIsKept() {
		assertThatIllegalStateException()
			.isThrownBy(() -> payments().get(Status.PARTIALLY_REFUNDED).refundSucceeded(eur(1500)));
		assertThatIllegalStateException().isThrownBy(() -> payments().get(Status.AUTHORISED).refundSucceeded(eur(1)));
	}

	@Test
	void tellsAndBooksEveryMovement() {
		Payment payment = Payment.of(PaymentFixtures.authorise(this.orderId, "pm_card_visa"), Instant.EPOCH);
		payment.outcomeUnknown();
		Settlement authorised = payment.authorised("pi_1");
		assertThat(payment.isOutcomeUnknown()).isFalse();
		assertThat(authorised.events()).containsExactly(new PaymentAuthorised(this.orderId, payment.id(), eur(1999)));
		assertThat(authorised.postings()).containsExactly(new Posting(Account.HELD, Account.COMMITTED, eur(1999)));
		Settlement captured = payment.captureSucceeded();
		assertThat(captured.events()).containsExactly(new PaymentCaptured(this.orderId, payment.id(), eur(1999)));
		assertThat(captured.postings()).containsExactly(new Posting(Account.COMMITTED, Account.HELD, eur(1999)),
				new Posting(Account.PROVIDER, Account.SALES, eur(1999)));
		Settlement refunded = payment.refundSucceeded(eur(500));
		assertThat(refunded.events())
			.containsExactly(new PaymentRefunded(this.orderId, payment.id(), eur(500), eur(1499)));
		assertThat(refunded.postings()).containsExactly(new Posting(Account.REFUNDS, Account.PROVIDER, eur(500)));
		assertThat(payment.status()).isEqualTo(Status.PARTIALLY_REFUNDED);
		payment.refundSucceeded(eur(1499));
		assertThat(payment.status()).isEqualTo(Status.REFUNDED);
		assertThat(payment.kept()).isEqualTo(eur(0));
	}

	@Test
	void keepsTheHoldWhenTheCaptureIsDeclined() {
		Payment payment = payments().get(Status.AUTHORISED);
		Settlement declined = payment.declined(OperationKind.CAPTURE, "generic_decline", "pi_1");
		assertThat(declined.events()).containsExactly(new CaptureDeclined(this.orderId, payment.id(), "card_declined"));
		assertThat(payment.status()).isEqualTo(Status.AUTHORISED);
		assertThat(payment.failure()).isEqualTo("generic_decline");
		assertThat(payment.holdReleased().postings())
			.containsExactly(new Posting(Account.COMMITTED, Account.HELD, eur(1999)));
	}

	@ParameterizedTest
	@CsvSource({ "stolen_card, card_declined", "insufficient_funds, insufficient_funds" })
	void tellsOthersOnlyWhatTheBuyerMayKnow(String word, String told) {
		Payment payment = payments().get(Status.PENDING);
		assertThat(payment.declined(OperationKind.AUTHORISE, word, null).events())
			.containsExactly(new PaymentDeclined(this.orderId, payment.id(), told));
		assertThat(payment.failure()).isEqualTo(word);
		assertThat(next(payment, OperationKind.AUTHORISE)).isEqualTo("declined:" + told);
		assertThat(next(payment, OperationKind.CAPTURE)).isEqualTo("captureDeclined:" + told);
		Payment held = payments().get(Status.AUTHORISED);
		assertThat(held.declined(OperationKind.CAPTURE, word, "pi_1").events())
			.containsExactly(new CaptureDeclined(this.orderId, held.id(), told));
	}

	@ParameterizedTest
	@EnumSource(names = { "VOID", "REFUND" })
	void tellsOfARefusedUndoAndStaysAsItIs(OperationKind undo) {
		Payment payment = payments().get(Status.CAPTURED);
		assertThat(payment.declined(undo, "charge_disputed", null).events())
			.containsExactly(new UndoDeclined(this.orderId, payment.id(), "charge_disputed"));
		assertThat(payment.status()).isEqualTo(Status.CAPTURED);
	}

	/** What the provider says, in every state: the new state, and what is told of it. */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// ours, theirs, captured, refunded, ours then, told
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
	void takesOverWhatTheProviderSays(Status ours, ProviderIntent.Status theirs, long captured, long refunded,
			Status then, String told) {
		Payment payment = payments().get(ours);
		Settlement settlement = payment.takeOver(new ProviderIntent(theirs, captured, refunded));
		assertThat(payment.status()).isEqualTo(then);
		assertThat(settlement.events()).extracting(PaymentTests::name)
			.containsExactly((told == null) ? new String[0] : told.split(" "));
		assertThat(settlement.isNothing()).isEqualTo(told == null);
		long kept = settlement.postings().stream().mapToLong((posting) -> {
			long amount = posting.amount().amount();
			return (posting.debit() == Account.PROVIDER) ? amount
					: (posting.credit() == Account.PROVIDER) ? -amount : 0;
		}).sum();
		assertThat(payment.kept().amount()).isEqualTo(payments().get(ours).kept().amount() + kept);
		assertThat(payment.takeOver(new ProviderIntent(theirs, captured, refunded)).isNothing()).isTrue();
	}

	@Test
	void doesNotConfirmAnOrderOfWhichOnlyAPartWasCaptured() {
		Payment payment = payments().get(Status.AUTHORISED);
		payment.takeOver(new ProviderIntent(ProviderIntent.Status.CAPTURED, 1500, 0));
		assertThat(next(payment, OperationKind.CAPTURE)).isEqualTo("captureDeclined:captured_otherwise");
		assertThat(payment.next(OperationKind.VOID))
			.isEqualTo(new Step.Tell(new PaymentCaptured(this.orderId, payment.id(), eur(1500))));
		assertThat(payment.next(OperationKind.REFUND)).isEqualTo(new Step.Ask(OperationKind.REFUND, eur(1500)));
	}

	@Test
	void endsUnpaidIfTheProviderWasNeverAsked() {
		Payment payment = payments().get(Status.PENDING);
		assertThat(payment.withdrawn().postings()).isEmpty();
		assertThat(payment.status()).isEqualTo(Status.VOIDED);
		assertThatIllegalStateException().isThrownBy(() -> payments().get(Status.AUTHORISED).withdrawn());
	}

	@Test
	void asksUnderOneKeyPerOperation() {
		Payment payment = payments().get(Status.CAPTURED);
		MessageContext context = new MessageContext("c", null);
		Operation part = new Operation(7, OperationKind.REFUND, true, 100L, 1, false, false, 0, context, payment);
		assertThat(part.next()).isEqualTo(new Step.Ask(OperationKind.REFUND, eur(100)));
		assertThat(part.key(OperationKind.REFUND)).isEqualTo(payment.id() + ":refund:7");
		assertThat(part.key(OperationKind.CAPTURE)).isEqualTo(payment.id() + ":capture");
		Operation early = new Operation(8, OperationKind.REFUND, true, 100L, 1, false, false, 0, context,
				payments().get(Status.AUTHORISED));
		assertThat(early.next()).isEqualTo(new Step.Ask(OperationKind.VOID, eur(1999)));
		Operation refused = new Operation(9, OperationKind.REFUND, false, null, 3, true, false, 2, context, payment);
		assertThat(refused.key(OperationKind.REFUND)).isEqualTo(payment.id() + ":refund:9:2");
	}

	@Test
	void waitsLongerEveryTimeButNotForEver() {
		Random random = new Random(7);
		Duration max = Duration.ofSeconds(20);
		for (int attempt = 1; attempt < 80; attempt++) {
			long doubled = (attempt > 7) ? 20_000 : 250L << (attempt - 1);
			assertThat(Backoff.after(attempt, Duration.ofMillis(250), max, random))
				.isBetween(Duration.ofMillis(Math.min(doubled, 20_000) / 2), Duration.ofMillis(doubled));
		}
	}

	private static String next(Payment payment, OperationKind kind) {
		try {
			return switch (payment.next(kind)) {
				case Step.Ask ask -> ask.call().name();
				case Step.Tell(PaymentEvent event) -> name(event);
				case Step.Withdraw _ -> "withdraw";
			};
		}
		catch (IllegalStateException ex) {
			return "illegal";
		}
	}

	private static String name(PaymentEvent event) {
		return switch (event) {
			case PaymentAuthorised _ -> "authorised";
			case PaymentCaptured _ -> "captured";
			case PaymentVoided _ -> "voided";
			case PaymentRefunded _ -> "refunded";
			case PaymentDeclined declined -> "declined:" + declined.reason();
			case CaptureDeclined declined -> "captureDeclined:" + declined.reason();
			case UndoDeclined declined -> "undoDeclined:" + declined.reason();
		};
	}

	private Map<Status, Payment> payments() {
		Map<Status, Payment> payments = new EnumMap<>(Status.class);
		for (Status status : Status.values()) {
			Payment payment = Payment.of(PaymentFixtures.authorise(this.orderId, "pm_card_visa"), Instant.EPOCH);
			switch (status) {
				case PENDING -> {
				}
				case DECLINED -> payment.declined(OperationKind.AUTHORISE, "no_money", null);
				case AUTHORISED -> payment.authorised("pi_1");
				case VOIDED -> {
					payment.authorised("pi_1");
					payment.holdReleased();
				}
				case CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> {
					payment.authorised("pi_1");
					payment.captureSucceeded();
					if (status != Status.CAPTURED) {
						payment.refundSucceeded(eur((status == Status.REFUNDED) ? 1999 : 500));
					}
				}
			}
			assertThat(payment.status()).isEqualTo(status);
			payments.put(status, payment);
		}
		return payments;
	}

}
