package dev.sagamart.products.catalogue.messaging;

import dev.sagamart.events.ProductEvent;
import dev.sagamart.platform.messaging.outbox.Publication;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CatalogueMessaging {

	@Bean
	Publication productEvents() {
		return new Publication(Set.of(ProductEvent.class));
	}

}
