package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.messaging.DeclaredTopics;
import dev.sagamart.platform.messaging.KafkaTopics;
import dev.sagamart.platform.messaging.MessagingAutoConfiguration;
import dev.sagamart.platform.messaging.MessagingProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The subscriptions of a service that has a schema, and the consumers that serve them.
 */
@AutoConfiguration(after = { MessagingAutoConfiguration.class, JdbcTemplateAutoConfiguration.class },
		afterName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnProperty("sagamart.schema")
public class InboxAutoConfiguration {

	@Bean
	DeclaredTopics subscribedTopics(ObjectProvider<Subscription> subscriptions, MessagingProperties properties) {
		return new DeclaredTopics(subscriptions.stream()
			.flatMap((subscription) -> subscription.topics()
				.values()
				.stream()
				.flatMap((topic) -> Stream.of(properties.newTopic(topic),
						properties.newDeadLetterTopic(subscription.deadLetterTopic(topic.value())))))
			.toList());
	}

	@Bean
	Inbox inbox(JdbcTemplate jdbc, @Value("${sagamart.schema}") String schema, MessagingProperties properties,
			Clock clock) {
		return new Inbox(jdbc, schema, properties.inboxRetention(), clock);
	}

	@Bean
	Consumers consumers(KafkaTopics topics, ObjectProvider<Subscription> subscriptions,
			ConcurrentKafkaListenerContainerFactory<?, ?> kafkaListenerContainerFactory,
			PlatformTransactionManager transactionManager, Inbox inbox, DeadLetterChannel deadLetters,
			ObjectProvider<MeterRegistry> meters, ObjectProvider<OpenTelemetry> openTelemetry) {
		MeterRegistry registry = meters.getIfAvailable(SimpleMeterRegistry::new);
		MessageSpans spans = new MessageSpans(openTelemetry.getIfAvailable(OpenTelemetry::noop));
		return new Consumers(topics, subscriptions.stream().toList(), kafkaListenerContainerFactory,
				(subscription) -> new SubscriptionConsumer(subscription, new TransactionTemplate(transactionManager),
						inbox, deadLetters, registry, spans));
	}

	@Bean
	ConsumerLag consumerLag(KafkaTopics topics, ObjectProvider<Subscription> subscriptions,
			ObjectProvider<MeterRegistry> meters) {
		return new ConsumerLag(topics, subscriptions.stream().toList(),
				meters.getIfAvailable(SimpleMeterRegistry::new));
	}

}
