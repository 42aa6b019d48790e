package dev.sagamart.users.user.messaging;

import dev.sagamart.events.UserEvent;
import dev.sagamart.platform.messaging.outbox.Publication;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UserMessaging {

	@Bean
	Publication userEvents() {
		return new Publication(Set.of(UserEvent.class));
	}

}
