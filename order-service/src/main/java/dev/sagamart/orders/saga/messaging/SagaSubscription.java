package dev.sagamart.orders.saga.messaging;

import dev.sagamart.events.Message;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.StockEvent;
import dev.sagamart.events.Topics;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaCoordinator.Incoming;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.platform.messaging.Received;
import dev.sagamart.platform.messaging.Subscription;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SagaSubscription {

	@Bean
	Subscription answersOfParticipants(SagaCoordinator coordinator) {
		return Subscription.of("order-service", (batch) -> coordinator.handle(answersIn(batch)), Topics.STOCK_EVENTS,
				Topics.PAYMENT_EVENTS);
	}

	private static List<Incoming> answersIn(List<Received<Message>> batch) {
		return batch.stream().flatMap(SagaSubscription::answer).toList();
	}

	private static Stream<Incoming> answer(Received<Message> received) {
		return switch (received.message()) {
			case StockEvent event -> Stream.of(new Incoming(SagaMessage.from(event), received.context()));
			case PaymentEvent event -> Stream.of(new Incoming(SagaMessage.from(event), received.context()));
			default -> Stream.empty();
		};
	}

}
