package dev.sagamart.platform.web;

import dev.sagamart.platform.encryption.PersonalData;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Idempotency keys for services with a database. */
@AutoConfiguration(
		after = { JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
				JacksonAutoConfiguration.class },
		afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnBean({ JdbcTemplate.class, PlatformTransactionManager.class })
class IdempotentRequestsAutoConfiguration {

	@Bean
	IdempotentRequests idempotentRequests(JdbcTemplate jdbc, PlatformTransactionManager transactions, JsonMapper json,
			Clock clock, @Value("${spring.application.name:}") String service,
			ObjectProvider<PersonalData> personalData) {
		return new IdempotentRequests(jdbc, new TransactionTemplate(transactions), json, clock, service,
				personalData.getIfAvailable());
	}

}
