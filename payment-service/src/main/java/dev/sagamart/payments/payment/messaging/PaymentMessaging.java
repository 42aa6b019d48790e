package dev.sagamart.payments.payment.messaging;

import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.payments.payment.PaymentCommands;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Publication;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Handles the commands of the saga, and publishes the events of payments. */
@Configuration(proxyBeanMethods = false)
class PaymentMessaging {

	@Bean
	Publication paymentEvents() {
		return new Publication(Set.of(PaymentEvent.class));
	}

	@Bean
	Subscription paymentCommandSubscription(PaymentCommands commands) {
		return Subscription.of("payment-service.commands", PaymentCommand.class, commands::accept);
	}

}
