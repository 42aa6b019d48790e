package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.DeclaredTopics;
import dev.sagamart.platform.messaging.MessagingProperties;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** The outbox of a service that has a schema, and its relay. */
@AutoConfiguration
@ConditionalOnProperty("sagamart.schema")
@Import({ DedicatedConnections.class, OutboxRelay.class, OutboxMaintenance.class })
class OutboxAutoConfiguration {

	@Bean
	DeclaredTopics publishedTopics(ObjectProvider<Publication> publications, MessagingProperties properties) {
		return new DeclaredTopics(publications.stream()
			.flatMap((publication) -> publication.families().stream())
			.map(MessageTypes::topicOf)
			.map(properties::newTopic)
			.toList());
	}

	@Bean
	Outbox outbox(JdbcTemplate jdbc, @Value("${spring.application.name:sagamart}") String application,
			List<Publication> publications, Clock clock, OutboxRelay relay) {
		return new Outbox(jdbc, application, publications, clock, relay::wake);
	}

}
