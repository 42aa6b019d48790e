package dev.sagamart.payments.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.events.Topics;
import dev.sagamart.payments.payment.PaymentCommands;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.test.contract.ConsumerContract;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

/** The contract for the commands of the saga. */
class PaymentCommandContractTests {

	private static final UUID ORDER = UUID.fromString("0199f0a0-0000-7000-8000-000000000001");

	private static final UUID USER = UUID.fromString("0199f0a0-0000-7000-8000-000000000002");

	private static final ConsumerContract CONTRACT = contract();

	private final PaymentCommands commands = Mockito.mock();

	private final Subscription subscription = new PaymentMessaging().paymentCommandSubscription(this.commands);

	private static ConsumerContract contract() {
		ConsumerContract contract = new ConsumerContract("payment-service.commands", "order-service").reads(
				Topics.PAYMENT_COMMANDS, "payment.authorise.v1",
				(command) -> command.uuid("orderId", ORDER)
					.uuid("userId", USER)
					.object("amount", (money) -> money.integerType("amount", 3998).stringType("currency", "EUR"))
					.stringType("paymentMethod", "pm_card_visa"));
		for (String other : List.of("payment.capture.v1", "payment.void.v1", "payment.refund.v1")) {
			contract.reads(Topics.PAYMENT_COMMANDS, other, (command) -> command.uuid("orderId", ORDER));
		}
		return contract;
	}

	static Stream<Arguments> acceptsTheCommandsOfTheSaga() {
		return Stream.of(
				Arguments.of("payment.authorise.v1",
						new AuthorisePayment(ORDER, USER, new Money(3998, "EUR"), "pm_card_visa")),
				Arguments.of("payment.capture.v1", new CapturePayment(ORDER)),
				Arguments.of("payment.void.v1", new VoidPayment(ORDER)),
				Arguments.of("payment.refund.v1", new RefundPayment(ORDER)));
	}

	@ParameterizedTest
	@MethodSource
	void acceptsTheCommandsOfTheSaga(String type, PaymentCommand command) {
		this.subscription.handle(List.of(this.subscription.read(CONTRACT.example(type))));
		List<Received<PaymentCommand>> taken = Mockito.mockingDetails(this.commands)
			.getInvocations()
			.iterator()
			.next()
			.getArgument(0);
		assertThat(taken).extracting(Received::message).containsExactly(command);
	}

	@Test
	void isCommitted() {
		CONTRACT.requireCommitted();
	}

}
