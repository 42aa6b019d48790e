package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent;
import dev.sagamart.payments.payment.Operation.Outcome;
import dev.sagamart.payments.payment.OperationSettlement.Execution;
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
import static dev.sagamart.payments.payment.OperationFixtures.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The settlement of every result of the provider. */
class OperationSettlementTests {

	private static final OperationProperties PROPERTIES = new OperationProperties(Duration.ofSeconds(30),
			Duration.ofSeconds(1), Duration.ofSeconds(100), Duration.ofSeconds(1_000), Duration.ofSeconds(10_000),
			Duration.ofSeconds(100_000), Duration.ofSeconds(10));

	@ParameterizedTest
	@CsvSource({ "PENDING, AUTHORISE, AUTHORISED, authorised", "AUTHORISED, CAPTURE, CAPTURED, captured",
			"AUTHORISED, VOID, VOIDED, voided", "AUTHORISED, REFUND, VOIDED, voided",
			"CAPTURED, REFUND, REFUNDED, refunded" })
	void finishesApprovedOperations(Status before, OperationKind kind, Status after, String events) {
		Operation operation = taken(1, operation(kind, payment(before)));
		assertThat(settle(operation, new ProviderResult.Approved("pi_9"))).containsExactly(events);
		assertThat(operation.payment().status()).isEqualTo(after);
		Long refunded = (after == Status.REFUNDED) ? 1999L : null;
		assertThat(operation.toUpdateRow()).containsExactly(7L, refunded, Outcome.DONE, null, true, 0, null);
		assertThat(operation.payment().reference()).isEqualTo((before == Status.PENDING) ? "pi_9" : "pi_1");
	}

	@Test
	void refundsTheAmountThatTheAdministratorRequested() {
		Operation part = taken(1, Operation.refund(payment(Status.CAPTURED), eur(500), "broken"));
		assertThat(settle(part, new ProviderResult.Approved("pi_1"))).containsExactly("refunded");
		assertThat(part.payment().refundedAmount()).isEqualTo(eur(500));
		assertThat(part.toUpdateRow()).startsWith(7L, 500L, Outcome.DONE);
	}

	@Test
	void aRetrievalCannotBeApproved() {
		Operation retrieval = taken(1, operation(OperationKind.RETRIEVE, payment(Status.CAPTURED)));
		assertThatIllegalStateException().isThrownBy(() -> settle(retrieval, new ProviderResult.Approved("pi_1")));
	}

	@Test
	void finishesDeclinedOperations() {
		Operation operation = taken(1, operation(OperationKind.AUTHORISE, payment(Status.PENDING)));
		assertThat(settle(operation, new ProviderResult.Declined("stolen_card", "pi_9")))
			.containsExactly("declined:card_declined");
		assertThat(operation.payment().status()).isEqualTo(Status.DECLINED);
		assertThat(operation.payment().reference()).isEqualTo("pi_9");
		assertThat(operation.toUpdateRow()).containsExactly(7L, null, Outcome.DECLINED, "stolen_card", true, 0, null);
	}

	@Test
	void takesOverTheRetrievedState() {
		Operation operation = taken(1, operation(OperationKind.RETRIEVE, payment(Status.AUTHORISED)));
		assertThat(settle(operation, new ProviderResult.Found(captured(1999, 0)))).containsExactly("captured");
		assertThat(operation.payment().status()).isEqualTo(Status.CAPTURED);
		assertThat(operation.toUpdateRow()).containsExactly(7L, null, Outcome.DONE, "CAPTURED", true, 0, null);
	}

	@ParameterizedTest
	@CsvSource({ "1, 100", "2, 200", "9, 1000" })
	void retriesLaterIfTheOutcomeIsUnknown(int attempts, long seconds) {
		Operation operation = taken(attempts, operation(OperationKind.CAPTURE, payment(Status.AUTHORISED)));
		assertThat(settle(operation, new ProviderResult.Unknown("no reply", false))).isEmpty();
		assertThat(operation.payment().isOutcomeUnknown()).isTrue();
		assertThat(operation.payment().status()).isEqualTo(Status.AUTHORISED);
		assertThat(operation.toUpdateRow()).startsWith(7L, null, Outcome.UNKNOWN, "no reply", true, 0);
		assertDelay(operation, seconds);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void recordsWhetherTheProviderWasEverAsked(int attempts) {
		for (ProviderResult result : List.of(new ProviderResult.NotAsked("key refused: no"),
				new ProviderResult.KeyRefused("no"))) {
			Operation operation = taken(attempts, operation(OperationKind.AUTHORISE, payment(Status.PENDING)));
			assertThat(settle(operation, result)).isEmpty();
			assertThat(operation.toUpdateRow()).startsWith(7L, null, Outcome.OPEN, "key refused: no", attempts > 1, 0);
			assertDelay(operation, 10);
			assertThat(operation.payment().status()).isEqualTo(Status.PENDING);
			assertThat(operation.payment().isOutcomeUnknown()).isFalse();
		}
	}

	@Test
	void withdrawsAnAuthorisationThatNeverReachedTheProvider() {
		Operation operation = stored(7, operation(OperationKind.AUTHORISE, payment(Status.PENDING)));
		assertThat(operation.isWithdrawn()).isTrue();
		assertThat(withoutCall(operation)).containsExactly("declined:voided");
		assertThat(operation.payment().status()).isEqualTo(Status.VOIDED);
		assertThat(operation.toUpdateRow()).startsWith(7L, null, Outcome.DONE, "withdrawn");
	}

	@Test
	void repliesOnlyToTheSagaIfNothingIsLeftToDo() {
		Operation bySaga = taken(1, operation(OperationKind.CAPTURE, payment(Status.CAPTURED)));
		assertThat(bySaga.isWithdrawn()).isFalse();
		assertThat(withoutCall(bySaga)).containsExactly("captured");
		assertThat(bySaga.toUpdateRow()).startsWith(7L, null, Outcome.DONE, null);
		Operation manual = taken(1, Operation.refund(payment(Status.VOIDED), eur(500), null));
		assertThat(withoutCall(manual)).isEmpty();
		assertThat(manual.toUpdateRow()).startsWith(7L, 500L, Outcome.DECLINED, "nothing_left");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// status before, operation, status at provider, captured, status after,
			// outcome, events
			"AUTHORISED, CAPTURE, HELD, 0, AUTHORISED, DECLINED, captureDeclined:card_declined",
			"AUTHORISED, CAPTURE, RELEASED, 0, VOIDED, DECLINED, voided captureDeclined:voided",
			"AUTHORISED, CAPTURE, MISSING, 0, DECLINED, DECLINED, voided captureDeclined:unknown_to_provider",
			"AUTHORISED, CAPTURE, CAPTURED, 1999, CAPTURED, DONE, captured",
			"AUTHORISED, CAPTURE, CAPTURED, 1500, CAPTURED, DECLINED, captureDeclined:captured_otherwise",
			"AUTHORISED, VOID, RELEASED, 0, VOIDED, DONE, voided",
			"AUTHORISED, VOID, CAPTURED, 1999, CAPTURED, DONE, captured" })
	void handlesARefusalByTheStateAtTheProvider(Status before, OperationKind kind, ProviderIntent.Status theirs,
			long captured, Status after, Outcome outcome, String events) {
		Operation operation = taken(1, operation(kind, payment(before)));
		assertThat(
				settle(operation, new ProviderResult.Refused("stolen_card", new ProviderIntent(theirs, captured, 0))))
			.containsExactly(events.split(" "));
		assertThat(operation.payment().status()).isEqualTo(after);
		assertThat(operation.toUpdateRow()).containsExactly(7L, null, outcome, "stolen_card", true, 0, null);
	}

	@Test
	void retriesImmediatelyIfThePaymentWasOutdated() {
		Operation refund = taken(1, operation(OperationKind.REFUND, payment(Status.AUTHORISED)));
		assertThat(refund.callKind()).isEqualTo(OperationKind.VOID);
		assertThat(settle(refund, new ProviderResult.Refused("unexpected_state", captured(1999, 0))))
			.containsExactly("captured");
		assertThat(refund.callKind()).isEqualTo(OperationKind.REFUND);
		assertThat(refund.toUpdateRow()).containsExactly(7L, null, Outcome.OPEN, "unexpected_state", true, 1, 0.0);
	}

	@Test
	void reportsARefusedUndoOncePerReasonAndRetriesIt() {
		Operation refund = taken(1, operation(OperationKind.REFUND, payment(Status.CAPTURED)));
		ProviderResult refused = new ProviderResult.Refused("charge_disputed", captured(1999, 0));
		refund.payment().outcomeUnknown();
		assertThat(settle(refund, refused)).containsExactly("undoDeclined:charge_disputed");
		assertThat(refund.toUpdateRow()).startsWith(7L, null, Outcome.OPEN, "charge_disputed", true, 1);
		assertDelay(refund, 10_000);
		assertThat(refund.payment().isOutcomeUnknown()).isFalse();
		assertThat(settle(refund, refused)).isEmpty();
		assertThat(refund.toUpdateRow()).startsWith(7L, null, Outcome.OPEN, "charge_disputed", true, 2);
		assertDelay(refund, 20_000);
		assertThat(settle(refund, new ProviderResult.Refused("balance_insufficient", captured(1999, 0))))
			.containsExactly("undoDeclined:balance_insufficient");
	}

	@Test
	void doesNotRetryARefusedRefundOfAnAdministrator() {
		Operation refund = taken(1, Operation.refund(payment(Status.CAPTURED), eur(500), null));
		assertThat(settle(refund, new ProviderResult.Refused("charge_disputed", captured(1999, 0)))).isEmpty();
		assertThat(refund.toUpdateRow()).containsExactly(7L, 500L, Outcome.DECLINED, "charge_disputed", true, 0, null);
		Operation late = taken(1, Operation.refund(payment(Status.CAPTURED), eur(500), null));
		assertThat(settle(late, new ProviderResult.Refused("charge_already_refunded", captured(1999, 1999))))
			.containsExactly("refunded");
		assertThat(late.outcome()).isEqualTo(Outcome.DECLINED);
	}

	private static ProviderIntent captured(long captured, long refunded) {
		return new ProviderIntent(ProviderIntent.Status.CAPTURED, captured, refunded);
	}

	private static List<String> settle(Operation operation, ProviderResult result) {
		return names(new Execution.Called(operation, operation.callKind(), operation.refundAmount(), result),
				operation);
	}

	private static List<String> withoutCall(Operation operation) {
		return names(new Execution.WithoutCall(operation), operation);
	}

	private static List<String> names(Execution execution, Operation operation) {
		List<PaymentEvent> events = OperationSettlement.decide(execution, operation, PROPERTIES);
		return events.stream().map(OperationFixtures::name).toList();
	}

	private static void assertDelay(Operation operation, double seconds) {
		assertThat((Double) operation.toUpdateRow()[6]).isBetween(seconds / 2, seconds);
	}

}
