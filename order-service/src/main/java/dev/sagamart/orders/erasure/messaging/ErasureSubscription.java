package dev.sagamart.orders.erasure.messaging;

import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.orders.erasure.ErasedUsers;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ErasureSubscription {

	@Bean
	Subscription userEvents(ErasedUsers erasedUsers) {
		return Subscription.of("order-service.erasure", UserErased.class,
				(batch) -> erasedUsers.add(batch.stream().map(Received::message).map(UserErased::userId).toList()));
	}

}
