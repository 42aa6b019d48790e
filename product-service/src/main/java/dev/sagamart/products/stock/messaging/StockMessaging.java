package dev.sagamart.products.stock.messaging;

import dev.sagamart.events.Topics;
import dev.sagamart.platform.messaging.Subscription;
import dev.sagamart.products.stock.Stock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stock obeys the saga, and turns reservations of confirmed orders into sales. */
@Configuration(proxyBeanMethods = false)
class StockMessaging {

	@Bean
	Subscription stockSubscription(Stock stock) {
		return Subscription.of("product-service", stock::handle, Topics.STOCK_COMMANDS, Topics.ORDER_EVENTS);
	}

}
