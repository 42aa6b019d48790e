package dev.sagamart.payments.payment;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static dev.sagamart.payments.payment.OperationFixtures.operation;
import static dev.sagamart.payments.payment.OperationFixtures.payment;
import static dev.sagamart.payments.payment.OperationFixtures.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.payment.Operation.Outcome;
import dev.sagamart.payments.payment.Payment.Status;
import dev.sagamart.payments.provider.PaymentProvider.Authorisation;
import dev.sagamart.platform.messaging.MessageContext;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OperationTests {

	@Test
	void repeatsOperationsOfTheSagaButNotOfAdministrators() {
		Payment payment = payment(Status.CAPTURED);
		Operation bySaga = operation(OperationKind.REFUND, payment);
		Operation manual = Operation.refund(payment, eur(500), "broken");
		assertThat(bySaga.repeats(operation(OperationKind.REFUND, payment))).isTrue();
		assertThat(bySaga.repeats(operation(OperationKind.VOID, payment))).isFalse();
		assertThat(bySaga.repeats(manual)).isFalse();
		assertThat(manual.repeats(bySaga)).isTrue();
		assertThat(bySaga.isManual()).isFalse();
		assertThat(manual.isManual()).isTrue();
	}

	@Test
	void isStoredAsRequested() {
		Payment payment = payment(Status.CAPTURED);
		Operation refund = Operation.refund(payment, eur(500), "broken");
		assertThat(refund.refundId()).isNotNull();
		assertThat(refund.reason()).isEqualTo("broken");
		assertThat(refund.kind()).isEqualTo(OperationKind.REFUND);
		assertThat(refund.toInsertRow()).startsWith(refund.refundId(), payment.id(), OperationKind.REFUND, 500L,
				"broken", Outcome.OPEN, 0, refund.context().correlationId());
		assertThatNullPointerException().isThrownBy(refund::id);
		assertThatNullPointerException().isThrownBy(refund::createdAt);
	}

	@Test
	void isConvertedToARetrievalOfTheSamePayment() {
		Payment payment = payment(Status.AUTHORISED);
		Operation capture = Operation.of(payment, OperationKind.CAPTURE, new MessageContext("c", "t"));
		assertThat(capture.toRetrieval().toInsertRow()).containsExactly(null, payment.id(), OperationKind.RETRIEVE,
				null, null, Outcome.DONE, 1, "c", "t");
	}

	@Test
	void isRefusedIfTheLastCallWasRefused() {
		Operation refund = taken(3, operation(OperationKind.REFUND, payment(Status.CAPTURED)));
		assertThat(refund.attempts()).isEqualTo(3);
		assertThat(refund.isRefused()).isFalse();
		assertThatNullPointerException().isThrownBy(refund::refusal);
		refund.retryOutdated("no");
		assertThat(refund.isRefused()).isTrue();
		assertThat(refund.refusal()).isEqualTo("no");
		refund.finish(Outcome.DONE, null);
		assertThat(refund.isRefused()).isFalse();
		refund.finish(Outcome.DECLINED, "never");
		assertThat(refund.isRefused()).isTrue();
		assertThat(refund.refusal()).isEqualTo("never");
	}

	@Test
	void aPaymentIsStoredWithItsState() {
		UUID orderId = UUID.randomUUID();
		Payment payment = OperationFixtures.payment(orderId, Status.PARTIALLY_REFUNDED);
		assertThat(payment.id()).isNotNull();
		assertThat(payment.userId()).isEqualTo(PaymentFixtures.BUYER);
		assertThat(payment.createdAt()).isEqualTo(Instant.EPOCH);
		assertThat(payment.isTombstone()).isFalse();
		assertThat(payment.authorisation())
			.isEqualTo(new Authorisation(payment.id(), orderId, eur(1999), "pm_card_visa"));
		assertThat(payment.toInsertRow()).containsExactly(payment.id(), orderId, PaymentFixtures.BUYER, 1999L, "EUR",
				"pm_card_visa", Status.PARTIALLY_REFUNDED, Timestamp.from(Instant.EPOCH));
		assertThat(payment.toUpdateRow()).containsExactly(payment.id(), Status.PARTIALLY_REFUNDED, false, 1999L, 500L,
				500L, "pi_1", null);
		assertThat(Posting.between(Posting.Balance.of(payment(Status.CAPTURED)), payment, 7)).singleElement()
			.satisfies((posting) -> assertThat(posting.toRow()).containsExactly(7L, payment.id(),
					Posting.Account.REFUNDS, Posting.Account.PROVIDER, 500L, "EUR"));
	}

	@Test
	void anUndoThatArrivesFirstLeavesATombstone() {
		Payment tombstone = Payment.of(new VoidPayment(UUID.randomUUID()), Instant.EPOCH);
		assertThat(tombstone.isTombstone()).isTrue();
		assertThat(tombstone.status()).isEqualTo(Status.VOIDED);
		assertThat(tombstone.userId()).isNull();
		assertThat(tombstone.toInsertRow()).containsExactly(tombstone.id(), tombstone.orderId(), null, null, null, null,
				Status.VOIDED, Timestamp.from(Instant.EPOCH));
		assertThatNullPointerException().isThrownBy(tombstone::amount);
	}

}
