package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.StockEvent;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class SagaMessageTests {

	private static final UUID ORDER = UUID.randomUUID();

	private static final UUID PAYMENT = UUID.randomUUID();

	private static final Money MONEY = new Money(1999, "EUR");

	static Stream<Arguments> stock() {
		return Stream.of(arguments(new StockEvent.StockReserved(ORDER), Trigger.STOCK_RESERVED),
				arguments(new StockEvent.StockReleased(ORDER), Trigger.STOCK_RELEASED),
				arguments(new StockEvent.StockSold(ORDER), Trigger.STOCK_SOLD),
				arguments(new StockEvent.StockReturned(ORDER), Trigger.STOCK_RETURNED));
	}

	@ParameterizedTest
	@MethodSource("stock")
	void isMadeOfWhatStockAnswers(StockEvent event, Trigger trigger) {
		assertThat(SagaMessage.from(event)).isEqualTo(new SagaMessage(ORDER, trigger, "", null));
	}

	@Test
	void keepsWhyNothingWasReserved() {
		assertThat(SagaMessage
			.from(new StockEvent.StockRejected(ORDER, FailureCode.OUT_OF_STOCK, UUID.randomUUID(), "Sold out.")))
			.isEqualTo(new SagaMessage(ORDER, Trigger.STOCK_REJECTED, "Sold out.", FailureCode.OUT_OF_STOCK));
	}

	static Stream<Arguments> payment() {
		return Stream.of(
				arguments(new PaymentEvent.PaymentAuthorised(ORDER, PAYMENT, MONEY), Trigger.PAYMENT_AUTHORISED, ""),
				arguments(new PaymentEvent.PaymentDeclined(ORDER, PAYMENT, "insufficient_funds"),
						Trigger.PAYMENT_DECLINED, "insufficient_funds"),
				arguments(new PaymentEvent.PaymentCaptured(ORDER, PAYMENT, MONEY), Trigger.PAYMENT_CAPTURED, ""),
				arguments(new PaymentEvent.CaptureDeclined(ORDER, PAYMENT, "expired_card"), Trigger.CAPTURE_DECLINED,
						"expired_card"),
				arguments(new PaymentEvent.PaymentVoided(ORDER, PAYMENT), Trigger.PAYMENT_VOIDED, ""),
				arguments(new PaymentEvent.UndoDeclined(ORDER, PAYMENT, "charge_disputed"),
						Trigger.PAYMENT_UNDO_DECLINED, "charge_disputed"));
	}

	@ParameterizedTest
	@MethodSource("payment")
	void isMadeOfWhatPaymentAnswers(PaymentEvent event, Trigger trigger, String detail) {
		assertThat(SagaMessage.from(event)).isEqualTo(new SagaMessage(ORDER, trigger, detail, null));
	}

	@ParameterizedTest
	@CsvSource({ "0, PAYMENT_REFUNDED", "1, PAYMENT_PARTLY_REFUNDED" })
	void onlyTheRefundOfAllIsARefund(long remaining, Trigger trigger) {
		assertThat(
				SagaMessage.from(new PaymentEvent.PaymentRefunded(ORDER, PAYMENT, MONEY, new Money(remaining, "EUR"))))
			.isEqualTo(SagaMessage.of(ORDER, trigger));
	}

}
