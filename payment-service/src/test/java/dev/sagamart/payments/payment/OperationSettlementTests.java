package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent;
import dev.sagamart.payments.payment.Operation.Outcome;
import dev.sagamart.payments.payment.OperationSettlement.Settled;
import dev.sagamart.payments.payment.Payment.Status;
import dev.sagamart.payments.provider.ProviderIntent;
import dev.sagamart.payments.provider.ProviderResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static dev.sagamart.payments.payment.OperationFixtures.operation;
import static dev.sagamart.payments.payment.OperationFixtures.payment;
import static dev.sagamart.payments.payment.OperationFixtures.taken;
import static dev.sagamart.payments.payment.OperationFixtures.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What follows from every answer of the provider. */
class OperationSettlementTests {

	private static final OperationProperties WAITS = new OperationProperties(Duration.ofSeconds(30),
			Duration.ofSeconds(1), Duration.ofSeconds(100), Duration.ofSeconds(1_000), Duration.ofSeconds(10_000),
			Duration.ofSeconds(100_000), Duration.ofSeconds(10));

	@ParameterizedTest
	@CsvSource({ "PENDING, AUTHORISE, AUTHORISED, authorised", "AUTHORISED, CAPTURE, CAPTURED, captured",
			"AUTHORISED, VOID, VOIDED, voided", "AUTHORISED, REFUND, VOIDED, voided",
			"CAPTURED, REFUND, REFUNDED, refunded" })
	void endsWhatTheProviderApproves(Status before, OperationKind kind, Status after, String told) {
		Operation operation = taken(1, operation(kind, payment(before)));
		assertThat(settle(operation, new ProviderResult.Approved("pi_9"))).containsExactly(told);
		assertThat(operation.payment().status()).isEqualTo(after);
		Long refunded = (after == Status.REFUNDED) ? 1999L : null;
		assertThat(operation.toChangedRow()).containsExactly(7L, refunded, Outcome.DONE, null, true, 0, null);
		assertThat(operation.payment().reference()).isEqualTo((before == Status.PENDING) ? "pi_9" : "pi_1");
	}

	@Test
	void givesBackAsMuchAsThePersonAskedFor() {
		Operation part = taken(1, Operation.refund(payment(Status.CAPTURED), eur(500), "broken"));
		assertThat(settle(part, new ProviderResult.Approved("pi_1"))).containsExactly("refunded");
		assertThat(part.payment().refundedAmount()).isEqualTo(eur(500));
		assertThat(part.toChangedRow()).startsWith(7L, 500L, Outcome.DONE);
	}

	@Test
	void approvesNoQuestion() {
		Operation question = taken(1, operation(OperationKind.RETRIEVE, payment(Status.CAPTURED)));
		assertThatIllegalStateException().isThrownBy(() -> settle(question, new ProviderResult.Approved("pi_1")));
	}

	@Test
	void endsWhatTheProviderDeclines() {
		Operation operation = taken(1, operation(OperationKind.AUTHORISE, payment(Status.PENDING)));
		assertThat(settle(operation, new ProviderResult.Declined("stolen_card", "pi_9")))
			.containsExactly("declined:card_declined");
		assertThat(operation.payment().status()).isEqualTo(Status.DECLINED);
		assertThat(operation.payment().reference()).isEqualTo("pi_9");
		assertThat(operation.toChangedRow()).containsExactly(7L, null, Outcome.DECLINED, "stolen_card", true, 0, null);
	}

	@Test
	void takesOverWhatTheProviderTellsWhenItIsAsked() {
		Operation operation = taken(1, operation(OperationKind.RETRIEVE, payment(Status.AUTHORISED)));
		assertThat(settle(operation, new ProviderResult.Found(captured(1999, 0)))).containsExactly("captured");
		assertThat(operation.payment().status()).isEqualTo(Status.CAPTURED);
		assertThat(operation.toChangedRow()).containsExactly(7L, null, Outcome.DONE, "CAPTURED", true, 0, null);
	}

	@ParameterizedTest
	@CsvSource({ "1, 100", "2, 200", "9, 1000" })
	void asksAgainLaterIfTheOutcomeIsUnknown(int attempts, long seconds) {
		Operation operation = taken(attempts, operation(OperationKind.CAPTURE, payment(Status.AUTHORISED)));
		assertThat(settle(operation, new ProviderResult.Unknown("no reply", false))).isEmpty();
		assertThat(operation.payment().isOutcomeUnknown()).isTrue();
		assertThat(operation.payment().status()).isEqualTo(Status.AUTHORISED);
		assertThat(operation.toChangedRow()).startsWith(7L, null, Outcome.UNKNOWN, "no reply", true, 0);
		assertThatItWaits(operation, seconds);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void remembersWhetherTheProviderWasEverAsked(int attempts) {
		for (ProviderResult result : List.of(new ProviderResult.NotAsked("key refused: no"),
				new ProviderResult.KeyRefused("no"))) {
			Operation operation = taken(attempts, operation(OperationKind.AUTHORISE, payment(Status.PENDING)));
			assertThat(settle(operation, result)).isEmpty();
			assertThat(operation.toChangedRow()).startsWith(7L, null, Outcome.OPEN, "key refused: no", attempts > 1, 0);
			assertThatItWaits(operation, 10);
			assertThat(operation.payment().status()).isEqualTo(Status.PENDING);
			assertThat(operation.payment().isOutcomeUnknown()).isFalse();
		}
	}

	@Test
	void givesUpAnAuthorisationThatTheProviderNeverHeardOf() {
		Operation operation = written(7, operation(OperationKind.AUTHORISE, payment(Status.PENDING)));
		assertThat(operation.isWithdrawn()).isTrue();
		assertThat(withoutCall(operation)).containsExactly("declined:voided");
		assertThat(operation.payment().status()).isEqualTo(Status.VOIDED);
		assertThat(operation.toChangedRow()).startsWith(7L, null, Outcome.DONE, "withdrawn");
	}

	@Test
	void answersTheSagaButNoPersonIfNothingIsLeftToDo() {
		Operation bySaga = taken(1, operation(OperationKind.CAPTURE, payment(Status.CAPTURED)));
		assertThat(bySaga.isWithdrawn()).isFalse();
		assertThat(withoutCall(bySaga)).containsExactly("captured");
		assertThat(bySaga.toChangedRow()).startsWith(7L, null, Outcome.DONE, null);
		Operation byPerson = taken(1, Operation.refund(payment(Status.VOIDED), eur(500), null));
		assertThat(withoutCall(byPerson)).isEmpty();
		assertThat(byPerson.toChangedRow()).startsWith(7L, 500L, Outcome.DECLINED, "nothing_left");
	}

	/** A refusal, how the payment stands at the provider then, and what follows. */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// ours, asked for, theirs, captured, ours then, outcome, told
			"AUTHORISED, CAPTURE, HELD, 0, AUTHORISED, DECLINED, captureDeclined:card_declined",
			"AUTHORISED, CAPTURE, RELEASED, 0, VOIDED, DECLINED, voided captureDeclined:voided",
			"AUTHORISED, CAPTURE, MISSING, 0, DECLINED, DECLINED, voided captureDeclined:unknown_to_provider",
			"AUTHORISED, CAPTURE, CAPTURED, 1999, CAPTURED, DONE, captured",
			"AUTHORISED, CAPTURE, CAPTURED, 1500, CAPTURED, DECLINED, captureDeclined:captured_otherwise",
			"AUTHORISED, VOID, RELEASED, 0, VOIDED, DONE, voided",
			"AUTHORISED, VOID, CAPTURED, 1999, CAPTURED, DONE, captured" })
	void answersARefusalByWhatTheProviderHas(Status before, OperationKind kind, ProviderIntent.Status theirs,
			long captured, Status after, Outcome outcome, String told) {
		Operation operation = taken(1, operation(kind, payment(before)));
		assertThat(
				settle(operation, new ProviderResult.Refused("stolen_card", new ProviderIntent(theirs, captured, 0))))
			.containsExactly(told.split(" "));
		assertThat(operation.payment().status()).isEqualTo(after);
		assertThat(operation.toChangedRow()).containsExactly(7L, null, outcome, "stolen_card", true, 0, null);
	}

	@Test
	void asksAtOnceForWhatIsLeftIfThePaymentStoodOtherwise() {
		Operation refund = taken(1, operation(OperationKind.REFUND, payment(Status.AUTHORISED)));
		assertThat(refund.call()).isEqualTo(OperationKind.VOID);
		assertThat(settle(refund, new ProviderResult.Refused("unexpected_state", captured(1999, 0))))
			.containsExactly("captured");
		assertThat(refund.call()).isEqualTo(OperationKind.REFUND);
		assertThat(refund.toChangedRow()).containsExactly(7L, null, Outcome.OPEN, "unexpected_state", true, 1, 0.0);
	}

	@Test
	void tellsOfARefusedUndoOnceForEachReasonAndAsksAgain() {
		Operation refund = taken(1, operation(OperationKind.REFUND, payment(Status.CAPTURED)));
		ProviderResult refused = new ProviderResult.Refused("charge_disputed", captured(1999, 0));
		refund.payment().outcomeUnknown();
		assertThat(settle(refund, refused)).containsExactly("undoDeclined:charge_disputed");
		assertThat(refund.toChangedRow()).startsWith(7L, null, Outcome.OPEN, "charge_disputed", true, 1);
		assertThatItWaits(refund, 10_000);
		assertThat(refund.payment().isOutcomeUnknown()).isFalse();
		assertThat(settle(refund, refused)).isEmpty();
		assertThat(refund.toChangedRow()).startsWith(7L, null, Outcome.OPEN, "charge_disputed", true, 2);
		assertThatItWaits(refund, 20_000);
		assertThat(settle(refund, new ProviderResult.Refused("balance_insufficient", captured(1999, 0))))
			.containsExactly("undoDeclined:balance_insufficient");
	}

	@Test
	void endsARefundOfAPersonThatTheProviderRefuses() {
		Operation refund = taken(1, Operation.refund(payment(Status.CAPTURED), eur(500), null));
		assertThat(settle(refund, new ProviderResult.Refused("charge_disputed", captured(1999, 0)))).isEmpty();
		assertThat(refund.toChangedRow()).containsExactly(7L, 500L, Outcome.DECLINED, "charge_disputed", true, 0, null);
		Operation late = taken(1, Operation.refund(payment(Status.CAPTURED), eur(500), null));
		assertThat(settle(late, new ProviderResult.Refused("charge_already_refunded", captured(1999, 1999))))
			.containsExactly("refunded");
		assertThat(late.outcome()).isEqualTo(Outcome.DECLINED);
	}

	private static ProviderIntent captured(long captured, long refunded) {
		return new ProviderIntent(ProviderIntent.Status.CAPTURED, captured, refunded);
	}

	private static List<String> settle(Operation operation, ProviderResult result) {
		return names(new Settled.Called(operation, operation.call(), operation.toRefund(), result), operation);
	}

	private static List<String> withoutCall(Operation operation) {
		return names(new Settled.WithoutCall(operation), operation);
	}

	private static List<String> names(Settled settled, Operation operation) {
		List<PaymentEvent> events = OperationSettlement.decide(settled, operation, WAITS);
		return events.stream().map(OperationFixtures::name).toList();
	}

	private static void assertThatItWaits(Operation operation, double seconds) {
		assertThat((Double) operation.toChangedRow()[6]).isBetween(seconds / 2, seconds);
	}

}
