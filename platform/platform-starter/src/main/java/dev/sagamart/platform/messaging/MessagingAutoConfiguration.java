package dev.sagamart.platform.messaging;

import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.messaging.web.DeadLetterController;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.Configuration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Outbox, relay, inbox, consumers and dead letters of a service that has a schema. The
 * tables come from {@code db/platform}, with a history of their own, before the service's
 * own migrations.
 */
@AutoConfiguration(before = FlywayAutoConfiguration.class,
		after = { JdbcTemplateAutoConfiguration.class, KafkaAutoConfiguration.class },
		afterName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnProperty("sagamart.schema")
@EnableConfigurationProperties(MessagingProperties.class)
class MessagingAutoConfiguration {

	private static final String HISTORY_TABLE = "platform_schema_history";

	private final String schema;

	private final String application;

	MessagingAutoConfiguration(@Value("${sagamart.schema}") String schema,
			@Value("${spring.application.name:sagamart}") String application) {
		if (!schema.matches("[a-z][a-z0-9_]*")) {
			throw new IllegalArgumentException("sagamart.schema must be a lower-case identifier: " + schema);
		}
		this.schema = schema;
		this.application = application;
	}

	/** Either history finds a schema that is not empty, because of the other one. */
	@Bean
	FlywayConfigurationCustomizer platformFlywayConfigurationCustomizer() {
		return (configuration) -> configuration.defaultSchema(this.schema).baselineOnMigrate(true).baselineVersion("0");
	}

	@Bean
	@ConditionalOnMissingBean
	FlywayMigrationStrategy platformFlywayMigrationStrategy() {
		return (service) -> {
			Configuration configuration = service.getConfiguration();
			Flyway.configure(configuration.getClassLoader())
				.configuration(configuration)
				.locations("classpath:db/platform")
				.table(HISTORY_TABLE)
				.load()
				.migrate();
			service.migrate();
		};
	}

	@Bean
	DedicatedConnections dedicatedConnections(JdbcConnectionDetails details) {
		return new DedicatedConnections(details, this.application);
	}

	/**
	 * Asks for the subscriptions late: their handlers need the outbox, which needs this.
	 */
	@Bean
	KafkaTopics kafkaTopics(KafkaAdmin admin, MessagingProperties properties, ObjectProvider<Publication> publications,
			ObjectProvider<Subscription> subscriptions) {
		return new KafkaTopics(admin.getConfigurationProperties(), properties, publications.stream().toList(),
				() -> subscriptions.stream().toList());
	}

	@Bean
	OutboxRelay outboxRelay(DedicatedConnections connections, ProducerFactory<?, ?> kafka, KafkaTopics topics) {
		return new OutboxRelay(connections, this.schema, kafka, topics);
	}

	@Bean
	Outbox outbox(JdbcTemplate jdbc, ObjectProvider<Publication> publications, Clock clock, OutboxRelay relay) {
		return new Outbox(jdbc, this.schema, this.application, publications.stream().toList(), clock, relay::wake);
	}

	@Bean
	Inbox inbox(JdbcTemplate jdbc, MessagingProperties properties, Clock clock) {
		return new Inbox(jdbc, this.schema, properties.inboxRetention(), clock);
	}

	@Bean
	DeadLetters deadLetters(JdbcTemplate jdbc, PlatformTransactionManager transactionManager, Inbox inbox,
			Outbox outbox, ObjectProvider<Subscription> subscriptions, Clock clock,
			ObjectProvider<PersonalData> personalData) {
		Map<String, Subscription> byGroup = subscriptions.stream()
			.collect(Collectors.toMap(Subscription::group, Function.identity()));
		return new DeadLetters(jdbc, new TransactionTemplate(transactionManager), this.schema, inbox, outbox, byGroup,
				clock, personalData.getIfAvailable());
	}

	@Bean
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	DeadLetterController deadLetterController(DeadLetters deadLetters) {
		return new DeadLetterController(deadLetters);
	}

	@Bean
	Consumers consumers(KafkaTopics topics, ObjectProvider<Subscription> subscriptions,
			ConcurrentKafkaListenerContainerFactory<?, ?> kafkaListenerContainerFactory,
			PlatformTransactionManager transactionManager, Inbox inbox, DeadLetters deadLetters,
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

	@Bean
	OutboxMaintenance outboxMaintenance(OutboxRelay relay, DeadLetters deadLetters, DedicatedConnections connections,
			JdbcTemplate jdbc, ObjectProvider<MeterRegistry> meters) {
		return new OutboxMaintenance(relay, deadLetters, connections, jdbc, this.schema,
				meters.getIfAvailable(SimpleMeterRegistry::new));
	}

}
