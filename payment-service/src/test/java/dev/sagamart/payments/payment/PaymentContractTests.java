package dev.sagamart.payments.payment;

import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.ProviderContract;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Every event of a payment fulfils the contracts with its consumers. */
class PaymentContractTests extends ProviderContract {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	PaymentContractTests() {
		super("payment-service", "orderId", events(), MessageJson::write,
				(id, type, source, at, subject) -> MessageHeaders.of(id, type, source, at, subject, CONTEXT));
	}

	private static Stream<Message> events() {
		Payment paid = payment();
		Payment captureRefused = payment();
		Payment voided = payment();
		return Stream.of(paid.authorised("pi_1"), paid.captureSucceeded(),
				paid.declined(OperationKind.REFUND, "charge_disputed", null),
				paid.refundSucceeded(PaymentFixtures.eur(999)),
				payment().declined(OperationKind.AUTHORISE, "insufficient_funds", null),
				captureRefused.authorised("pi_2"), captureRefused.declined(OperationKind.CAPTURE, "expired_card", null),
				voided.authorised("pi_3"), voided.holdReleased())
			.flatMap(List::stream);
	}

	private static Payment payment() {
		return Payment.of(PaymentFixtures.authorise(UUID.randomUUID(), "pm_card_visa"), Instant.now());
	}

}
