package dev.sagamart.products.stock.messaging;

import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockEvent;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.inbox.Subscription.Taken;
import dev.sagamart.platform.messaging.outbox.Publication;
import dev.sagamart.products.stock.Stock;
import dev.sagamart.products.stock.StockChange;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Handles the commands of the saga, and sells the reserved stock of confirmed orders. */
@Configuration(proxyBeanMethods = false)
class StockMessaging {

	@Bean
	Publication stockEvents() {
		return new Publication(Set.of(StockEvent.class));
	}

	@Bean
	Subscription stockSubscription(Stock stock) {
		return Subscription.of("product-service", stock::handle, Taken.of(StockCommand.class, StockChange::fromCommand),
				Taken.of(OrderConfirmed.class, StockChange::fromConfirmation));
	}

}
