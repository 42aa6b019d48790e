package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.orders.order.Address;
import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.ProviderContract;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.mockito.Mockito;

/** Everything that the saga sends, as its consumers want it. */
class SagaContractTests extends ProviderContract {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	SagaContractTests() {
		super("order-service", "orderId", made(), MessageJson::write,
				(id, type, source, at, subject) -> MessageHeaders.of(id, type, source, at, subject, CONTEXT));
	}

	/** One batch that sends every message there is, and books nothing. */
	private static Stream<Message> made() {
		Order order = new Order(UUID.randomUUID(),
				List.of(new Order.Line(UUID.randomUUID(), "Lamp", new Money(1999, "EUR"), 2)),
				new Address("Ada Lovelace", "1 Example Street", null, "London", "N1 9GU", "GB"), "pm_card_visa",
				OrderState.RESERVING_STOCK, Instant.now(), Mockito.mock(PersonalData.class));
		Duration patience = Duration.ofSeconds(30);
		SagaBatch batch = new SagaBatch(null,
				new SagaProperties(patience, patience, patience, patience, patience, patience, 200, 3), Instant.now());
		EnumSet<SagaCommand> sent = EnumSet.complementOf(EnumSet.of(SagaCommand.BOOK_SHIPMENT,
				SagaCommand.CANCEL_SHIPMENT, SagaCommand.SEND_PARCEL, SagaCommand.DELIVER_PARCEL));
		batch.take(new Decision.Step(OrderState.CONFIRMED, List.copyOf(sent), FailureCode.OUT_OF_STOCK, false), order,
				SagaMessage.of(order.id(), Trigger.STOCK_REJECTED, "Only 1 left."), CONTEXT);
		return batch.outgoing().stream().map(Outgoing::message);
	}

}
