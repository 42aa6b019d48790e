package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.payment.Payment.Status;
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

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PaymentTests {

	private final UUID orderId = UUID.randomUUID();

	/** Every kind of operation in every state. */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// status, authorise, capture, void, refund
			"PENDING, AUTHORISE, illegal, illegal, illegal", "AUTHORISED, authorised, CAPTURE, VOID, VOID",
			"CAPTURED, authorised, captured, captured, REFUND",
			"PARTIALLY_REFUNDED, authorised, captured, captured, REFUND",
			"REFUNDED, authorised, captured, voided, refunded",
			"VOIDED, declined:voided, captureDeclined:voided, voided, voided",
			"DECLINED, declined:no_money, captureDeclined:no_money, voided, voided" })
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
		assertThat(authorised.event()).isEqualTo(new PaymentAuthorised(this.orderId, payment.id(), eur(1999)));
		assertThat(authorised.postings()).containsExactly(new Posting(Account.HELD, Account.COMMITTED, eur(1999)));
		Settlement captured = payment.captureSucceeded();
		assertThat(captured.event()).isEqualTo(new PaymentCaptured(this.orderId, payment.id(), eur(1999)));
		assertThat(captured.postings()).containsExactly(new Posting(Account.COMMITTED, Account.HELD, eur(1999)),
				new Posting(Account.PROVIDER, Account.SALES, eur(1999)));
		Settlement refunded = payment.refundSucceeded(eur(500));
		assertThat(refunded.event()).isEqualTo(new PaymentRefunded(this.orderId, payment.id(), eur(500), eur(1499)));
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
		assertThat(declined.event()).isEqualTo(new CaptureDeclined(this.orderId, payment.id(), "generic_decline"));
		assertThat(payment.status()).isEqualTo(Status.AUTHORISED);
		assertThat(payment.failure()).isEqualTo("generic_decline");
		assertThat(payment.holdReleased().postings())
			.containsExactly(new Posting(Account.COMMITTED, Account.HELD, eur(1999)));
	}

	@Test
	void saysNothingOfARefusedRefund() {
		Payment payment = payments().get(Status.CAPTURED);
		assertThat(payment.declined(OperationKind.REFUND, "charge_disputed", null).event()).isNull();
		assertThat(payment.status()).isEqualTo(Status.CAPTURED);
	}

	@Test
	void asksUnderOneKeyPerOperation() {
		Payment payment = payments().get(Status.CAPTURED);
		MessageContext context = new MessageContext("c", null);
		Operation part = new Operation(7, OperationKind.REFUND, 100L, 1, context, payment);
		assertThat(part.next()).isEqualTo(new Step.Ask(OperationKind.REFUND, eur(100)));
		assertThat(part.key(OperationKind.REFUND)).isEqualTo(payment.id() + ":refund:7");
		assertThat(part.key(OperationKind.CAPTURE)).isEqualTo(payment.id() + ":capture");
		Operation early = new Operation(8, OperationKind.REFUND, 100L, 1, context, payments().get(Status.AUTHORISED));
		assertThat(early.next()).isEqualTo(new Step.Ask(OperationKind.VOID, eur(1999)));
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
				case Step.Tell(PaymentEvent event) -> switch (event) {
					case PaymentAuthorised _ -> "authorised";
					case PaymentCaptured _ -> "captured";
					case PaymentVoided _ -> "voided";
					case PaymentRefunded _ -> "refunded";
					case PaymentDeclined declined -> "declined:" + declined.reason();
					case CaptureDeclined declined -> "captureDeclined:" + declined.reason();
				};
			};
		}
		catch (IllegalStateException ex) {
			return "illegal";
		}
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
