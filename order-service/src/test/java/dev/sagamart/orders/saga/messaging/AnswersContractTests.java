package dev.sagamart.orders.saga.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Topics;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaCoordinator.Incoming;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.test.contract.ConsumerContract;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

/** What the saga reads of its participants' answers. */
class AnswersContractTests {

	private static final UUID ORDER = UUID.fromString("0199f0a0-0000-7000-8000-000000000001");

	private static final UUID PAYMENT = UUID.fromString("0199f0a0-0000-7000-8000-000000000004");

	private static final ConsumerContract STOCK = stock();

	private static final ConsumerContract PAYMENTS = payments();

	private final SagaCoordinator coordinator = Mockito.mock();

	private final Subscription subscription = new SagaMessaging().answersOfParticipants(this.coordinator);

	private static ConsumerContract stock() {
		ConsumerContract contract = new ConsumerContract("order-service", "product-service");
		for (String done : List.of("stock.reserved.v1", "stock.released.v1", "stock.sold.v1", "stock.returned.v1")) {
			contract.reads(Topics.STOCK_EVENTS, done, (event) -> event.uuid("orderId", ORDER));
		}
		return contract.reads(Topics.STOCK_EVENTS, "stock.rejected.v1",
				(event) -> event.uuid("orderId", ORDER)
					.stringMatcher("code", "OUT_OF_STOCK|PRODUCT_UNAVAILABLE|PRICE_CHANGED", "OUT_OF_STOCK")
					.stringType("message", "Only 1 left."));
	}

	/** All fields must be there, also those that only the timeline could show. */
	private static ConsumerContract payments() {
		ConsumerContract contract = new ConsumerContract("order-service", "payment-service");
		for (String done : List.of("payment.authorised.v1", "payment.captured.v1")) {
			contract.reads(Topics.PAYMENT_EVENTS, done,
					(event) -> event.uuid("orderId", ORDER)
						.uuid("paymentId", PAYMENT)
						.object("amount", (money) -> money.integerType("amount", 3998).stringType("currency", "EUR")));
		}
		for (String refused : List.of("payment.declined.v1", "payment.capture-declined.v1",
				"payment.undo-declined.v1")) {
			contract.reads(Topics.PAYMENT_EVENTS, refused,
					(event) -> event.uuid("orderId", ORDER)
						.uuid("paymentId", PAYMENT)
						.stringMatcher("reason", "[a-z_]+", "insufficient_funds"));
		}
		return contract
			.reads(Topics.PAYMENT_EVENTS, "payment.voided.v1",
					(event) -> event.uuid("orderId", ORDER).uuid("paymentId", PAYMENT))
			.reads(Topics.PAYMENT_EVENTS, "payment.refunded.v1",
					(event) -> event.uuid("orderId", ORDER)
						.uuid("paymentId", PAYMENT)
						.object("refunded", (money) -> money.integerType("amount", 3998).stringType("currency", "EUR"))
						.object("remaining", (money) -> money.integerType("amount", 0).stringType("currency", "EUR")));
	}

	@ParameterizedTest
	@CsvSource({ "stock.reserved.v1, STOCK_RESERVED", "stock.released.v1, STOCK_RELEASED", "stock.sold.v1, STOCK_SOLD",
			"stock.returned.v1, STOCK_RETURNED", "stock.rejected.v1, STOCK_REJECTED" })
	void takesTheAnswersOfStock(String type, String trigger) {
		SagaMessage message = taken(STOCK, type);
		assertThat(message.orderId()).isEqualTo(ORDER);
		assertThat(message).extracting("trigger").hasToString(trigger);
	}

	@Test
	void takesWhyNothingWasReserved() {
		SagaMessage message = taken(STOCK, "stock.rejected.v1");
		assertThat(message.code()).isEqualTo(FailureCode.OUT_OF_STOCK);
		assertThat(message.detail()).isEqualTo("Only 1 left.");
	}

	@ParameterizedTest
	@CsvSource({ "payment.authorised.v1, PAYMENT_AUTHORISED, ''", "payment.captured.v1, PAYMENT_CAPTURED, ''",
			"payment.declined.v1, PAYMENT_DECLINED, insufficient_funds",
			"payment.capture-declined.v1, CAPTURE_DECLINED, insufficient_funds",
			"payment.undo-declined.v1, PAYMENT_UNDO_DECLINED, insufficient_funds",
			"payment.voided.v1, PAYMENT_VOIDED, ''", "payment.refunded.v1, PAYMENT_REFUNDED, ''" })
	void takesTheAnswersOfPayments(String type, String trigger, String detail) {
		SagaMessage message = taken(PAYMENTS, type);
		assertThat(message.orderId()).isEqualTo(ORDER);
		assertThat(message).extracting("trigger").hasToString(trigger);
		assertThat(message.detail()).isEqualTo(detail);
	}

	@Test
	void isCommitted() {
		STOCK.requireCommitted();
		PAYMENTS.requireCommitted();
	}

	private SagaMessage taken(ConsumerContract contract, String type) {
		this.subscription.handle(List.of(this.subscription.read(contract.example(type))));
		return Mockito.mockingDetails(this.coordinator)
			.getInvocations()
			.iterator()
			.next()
			.<List<Incoming>>getArgument(0)
			.getFirst()
			.message();
	}

}
