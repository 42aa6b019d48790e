package dev.sagamart.orders.pricing.messaging;

import dev.sagamart.events.ProductEvent;
import dev.sagamart.orders.pricing.ListedPrice;
import dev.sagamart.orders.pricing.PriceList;
import dev.sagamart.orders.pricing.Quote;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PriceListSubscription {

	@Bean
	Subscription productEvents(PriceList priceList) {
		return Subscription.of("order-service.pricing", ProductEvent.class, (batch) -> priceList
			.learn(batch.stream().map(Received::message).map(PriceListSubscription::listedPrice).toList()));
	}

	private static ListedPrice listedPrice(ProductEvent event) {
		return switch (event) {
			case ProductEvent.ProductChanged product ->
				new ListedPrice(product.productId(), new Quote(product.name(), product.price()), product.version());
			case ProductEvent.ProductDiscontinued product ->
				new ListedPrice(product.productId(), null, product.version());
		};
	}

}
