package dev.sagamart.orders.erasure.messaging;

import dev.sagamart.events.Topics;
import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.orders.erasure.ErasedUsers;
import dev.sagamart.platform.messaging.Received;
import dev.sagamart.platform.messaging.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ErasureSubscription {

	@Bean
	Subscription userEvents(ErasedUsers erasedUsers) {
		return Subscription.of("order-service.erasure",
				(batch) -> erasedUsers.add(batch.stream()
					.map(Received::message)
					.filter(UserErased.class::isInstance)
					.map((message) -> ((UserErased) message).userId())
					.toList()),
				Topics.USER_EVENTS);
	}

}
