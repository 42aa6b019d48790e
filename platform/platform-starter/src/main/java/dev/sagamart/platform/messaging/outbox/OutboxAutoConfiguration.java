package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.DeclaredTopics;
import dev.sagamart.platform.messaging.KafkaTopics;
import dev.sagamart.platform.messaging.MessagingAutoConfiguration;
import dev.sagamart.platform.messaging.MessagingProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** The outbox of a service that has a schema, and its relay. */
@AutoConfiguration(after = { MessagingAutoConfiguration.class, JdbcTemplateAutoConfiguration.class },
		afterName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnProperty("sagamart.schema")
public class OutboxAutoConfiguration {

	private final String schema;

	private final String application;

	OutboxAutoConfiguration(@Value("${sagamart.schema}") String schema,
			@Value("${spring.application.name:sagamart}") String application) {
		this.schema = schema;
		this.application = application;
	}

	@Bean
	DeclaredTopics publishedTopics(ObjectProvider<Publication> publications, MessagingProperties properties) {
		return new DeclaredTopics(publications.stream()
			.flatMap((publication) -> publication.families().stream())
			.map(MessageTypes::topicOf)
			.map(properties::newTopic)
			.toList());
	}

	@Bean
	DedicatedConnections dedicatedConnections(JdbcConnectionDetails details) {
		return new DedicatedConnections(details, this.application);
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
	OutboxMaintenance outboxMaintenance(OutboxRelay relay, DedicatedConnections connections, JdbcTemplate jdbc,
			ObjectProvider<MeterRegistry> meters) {
		return new OutboxMaintenance(relay, connections, jdbc, this.schema,
				meters.getIfAvailable(SimpleMeterRegistry::new));
	}

}
