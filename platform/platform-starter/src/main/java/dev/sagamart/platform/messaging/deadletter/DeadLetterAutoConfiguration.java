package dev.sagamart.platform.messaging.deadletter;

import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.messaging.deadletter.web.DeadLetterController;
import dev.sagamart.platform.messaging.inbox.Inbox;
import dev.sagamart.platform.messaging.inbox.InboxAutoConfiguration;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.OutboxAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The dead letters of a service that has a schema. */
@AutoConfiguration(after = { InboxAutoConfiguration.class, OutboxAutoConfiguration.class })
@ConditionalOnProperty("sagamart.schema")
class DeadLetterAutoConfiguration {

	@Bean
	DeadLetters deadLetters(JdbcTemplate jdbc, @Value("${sagamart.schema}") String schema,
			PlatformTransactionManager transactionManager, Inbox inbox, Outbox outbox,
			ObjectProvider<Subscription> subscriptions, Clock clock, ObjectProvider<PersonalData> personalData,
			ObjectProvider<MeterRegistry> meters) {
		return new DeadLetters(jdbc, new TransactionTemplate(transactionManager), schema, inbox, outbox,
				subscriptions.stream().collect(Collectors.toMap(Subscription::group, Function.identity())), clock,
				personalData.getIfAvailable(), meters.getIfAvailable(SimpleMeterRegistry::new));
	}

	@Bean
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	DeadLetterController deadLetterController(DeadLetters deadLetters) {
		return new DeadLetterController(deadLetters);
	}

}
