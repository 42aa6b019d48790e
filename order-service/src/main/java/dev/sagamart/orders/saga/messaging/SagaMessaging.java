package dev.sagamart.orders.saga.messaging;

import dev.sagamart.events.OrderEvent;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockEvent;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaCoordinator.Incoming;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.inbox.Subscription.Taken;
import dev.sagamart.platform.messaging.outbox.Publication;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The commands and events that the saga sends, and the answers that it receives. */
@Configuration(proxyBeanMethods = false)
class SagaMessaging {

	@Bean
	Publication eventsAndCommands() {
		return new Publication(Set.of(OrderEvent.class, StockCommand.class, PaymentCommand.class));
	}

	@Bean
	Subscription answersOfParticipants(SagaCoordinator coordinator) {
		return Subscription.of("order-service", coordinator::handle,
				Taken.of(StockEvent.class,
						(received) -> new Incoming(SagaMessage.from(received.message()), received.context())),
				Taken.of(PaymentEvent.class,
						(received) -> new Incoming(SagaMessage.from(received.message()), received.context())));
	}

}
