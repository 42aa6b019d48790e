package dev.sagamart.payments.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that payments tell, as its consumers want it. */
class PaymentContractTests {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	private static final Map<String, Message> MADE = made().collect(Collectors
		.toMap((message) -> MessageTypes.nameOf(message.getClass()), Function.identity(), (one, _) -> one));

	static Stream<Promise> promises() {
		return Promise.of("payment-service");
	}

	@ParameterizedTest
	@MethodSource("promises")
	void sendsWhatConsumersRead(Promise promise) {
		assertThat(brokenBy(promise, written(promise))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("promises")
	void wouldNoticeARenamedField(Promise promise) {
		assertThat(brokenBy(promise, written(promise).replace("\"orderId\"", "\"other\""))).isNotEmpty();
	}

	private static String written(Promise promise) {
		assertThat(MADE).as("what payment-service sends").containsKey(promise.name());
		return new String(MessageJson.write(MADE.get(promise.name())), StandardCharsets.UTF_8);
	}

	private static List<String> brokenBy(Promise promise, String payload) {
		Message message = MADE.get(promise.name());
		return promise.brokenBy(message, payload.getBytes(StandardCharsets.UTF_8),
				MessageHeaders.of(UUID.randomUUID(), MessageTypes.nameOf(message.getClass()), "payment-service",
						Instant.now(), message.aggregateId().toString(), CONTEXT));
	}

	private static Stream<Message> made() {
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
