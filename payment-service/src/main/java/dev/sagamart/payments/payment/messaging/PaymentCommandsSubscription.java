package dev.sagamart.payments.payment.messaging;

import dev.sagamart.events.Message;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.Topics;
import dev.sagamart.payments.payment.PaymentCommands;
import dev.sagamart.platform.messaging.Received;
import dev.sagamart.platform.messaging.Subscription;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaymentCommandsSubscription {

	@Bean
	Subscription paymentCommandSubscription(PaymentCommands commands) {
		return Subscription.of("payment-service.commands", (batch) -> handle(commands, batch), Topics.PAYMENT_COMMANDS);
	}

	private static void handle(PaymentCommands commands, List<Received<Message>> batch) {
		List<Received<PaymentCommand>> wanted = batch.stream().flatMap(PaymentCommandsSubscription::command).toList();
		if (!wanted.isEmpty()) {
			commands.accept(wanted);
		}
	}

	private static Stream<Received<PaymentCommand>> command(Received<Message> received) {
		return (received.message() instanceof PaymentCommand command)
				? Stream.of(new Received<>(received.eventId(), command, received.context(), received.at()))
				: Stream.of();
	}

}
