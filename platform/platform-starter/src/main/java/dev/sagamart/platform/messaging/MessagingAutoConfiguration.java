package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.deadletter.DeadLetters;
import dev.sagamart.platform.messaging.deadletter.web.DeadLetterController;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.Configuration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * The tables, topics and dead letters of a service with a schema. The tables come from
 * {@code db/platform}, with a history of their own, before the service's own migrations.
 */
@AutoConfiguration(before = FlywayAutoConfiguration.class)
@ConditionalOnProperty("sagamart.schema")
@EnableConfigurationProperties(MessagingProperties.class)
@Import({ DeadLetters.class, DeadLetterController.class })
class MessagingAutoConfiguration {

	private static final String HISTORY_TABLE = "platform_schema_history";

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
	KafkaTopics kafkaTopics(KafkaAdmin admin, MessagingProperties properties, ObjectProvider<DeclaredTopics> declared) {
		return new KafkaTopics(admin.getConfigurationProperties(), properties.createTopics(), declared::stream);
	}

}
