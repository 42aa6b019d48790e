package dev.sagamart.users.notification.messaging;

import dev.sagamart.events.Message;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent;
import dev.sagamart.events.OrderEvent.OrderCancelled;
import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.OrderEvent.OrderDelivered;
import dev.sagamart.events.OrderEvent.OrderPlaced;
import dev.sagamart.events.OrderEvent.OrderRejected;
import dev.sagamart.events.OrderEvent.OrderShipped;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.messaging.Received;
import dev.sagamart.platform.messaging.Subscription;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notifications;
import dev.sagamart.users.notification.Occasion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OrderEventSubscription {

	@Bean
	Subscription orderEvents(Notifications notifications) {
		return Subscription.of("user-service.notifications", (batch) -> {
			List<Occasion> occasions = batch.stream().flatMap(OrderEventSubscription::occasion).toList();
			if (!occasions.isEmpty()) {
				notifications.record(occasions);
			}
		}, Topics.ORDER_EVENTS);
	}

	private static Stream<Occasion> occasion(Received<Message> received) {
		return (received.message() instanceof OrderEvent event)
				? Optional.ofNullable(occasion(received, event)).stream() : Stream.empty();
	}

	/** Nothing about a placed order: whether it is accepted is told a moment later. */
	private static @Nullable Occasion occasion(Received<Message> received, OrderEvent event) {
		return switch (event) {
			case OrderPlaced _ -> null;
			case OrderConfirmed confirmed -> occasion(received, event, Kind.ORDER_CONFIRMED, confirmed.total());
			case OrderRejected _ -> occasion(received, event, Kind.ORDER_REJECTED, null);
			case OrderCancelled _ -> occasion(received, event, Kind.ORDER_CANCELLED, null);
			case OrderShipped _ -> occasion(received, event, Kind.ORDER_SHIPPED, null);
			case OrderDelivered _ -> occasion(received, event, Kind.ORDER_DELIVERED, null);
		};
	}

	private static Occasion occasion(Received<Message> received, OrderEvent event, Kind kind, @Nullable Money total) {
		return new Occasion(received.eventId(), kind, event.userId(), event.orderId(), total, event.at());
	}

}
