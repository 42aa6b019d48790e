package dev.sagamart.users.notification.messaging;

import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent;
import dev.sagamart.events.OrderEvent.OrderCancelled;
import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.OrderEvent.OrderDelivered;
import dev.sagamart.events.OrderEvent.OrderPlaced;
import dev.sagamart.events.OrderEvent.OrderRejected;
import dev.sagamart.events.OrderEvent.OrderShipped;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notifications;
import dev.sagamart.users.notification.OrderNotification;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OrderEventSubscription {

	@Bean
	Subscription orderEvents(Notifications notifications) {
		return Subscription.of("user-service.notifications", OrderEvent.class, (batch) -> {
			List<OrderNotification> news = batch.stream().flatMap(OrderEventSubscription::news).toList();
			if (!news.isEmpty()) {
				notifications.record(news);
			}
		});
	}

	/**
	 * No notification about a placed order: it is confirmed or rejected a moment later.
	 */
	private static Stream<OrderNotification> news(Received<OrderEvent> received) {
		return switch (received.message()) {
			case OrderPlaced _ -> Stream.empty();
			case OrderConfirmed confirmed -> news(received, Kind.ORDER_CONFIRMED, confirmed.total());
			case OrderRejected _ -> news(received, Kind.ORDER_REJECTED, null);
			case OrderCancelled _ -> news(received, Kind.ORDER_CANCELLED, null);
			case OrderShipped _ -> news(received, Kind.ORDER_SHIPPED, null);
			case OrderDelivered _ -> news(received, Kind.ORDER_DELIVERED, null);
		};
	}

	private static Stream<OrderNotification> news(Received<OrderEvent> received, Kind kind, @Nullable Money total) {
		OrderEvent event = received.message();
		return Stream
			.of(new OrderNotification(received.eventId(), kind, event.userId(), event.orderId(), total, event.at()));
	}

}
