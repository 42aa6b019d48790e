package dev.sagamart.orders.pricing.messaging;

import dev.sagamart.events.Message;
import dev.sagamart.events.ProductEvent;
import dev.sagamart.events.Topics;
import dev.sagamart.orders.pricing.ListedPrice;
import dev.sagamart.orders.pricing.PriceList;
import dev.sagamart.platform.messaging.Received;
import dev.sagamart.platform.messaging.Subscription;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PriceListSubscription {

	@Bean
	Subscription productEvents(PriceList priceList) {
		return Subscription.of("order-service.pricing", (batch) -> priceList.learn(pricesIn(batch)),
				Topics.PRODUCT_EVENTS);
	}

	private static List<ListedPrice> pricesIn(List<Received<Message>> batch) {
		return batch.stream()
			.map(Received::message)
			.filter(ProductEvent.class::isInstance)
			.map(ProductEvent.class::cast)
			.map(PriceListSubscription::listedPrice)
			.toList();
	}

	private static ListedPrice listedPrice(ProductEvent event) {
		return switch (event) {
			case ProductEvent.ProductChanged product ->
				ListedPrice.sold(product.productId(), product.name(), product.price(), product.version());
			case ProductEvent.ProductDiscontinued product ->
				ListedPrice.discontinued(product.productId(), product.version());
		};
	}

}
