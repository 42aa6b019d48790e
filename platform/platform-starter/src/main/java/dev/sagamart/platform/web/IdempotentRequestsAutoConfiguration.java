package dev.sagamart.platform.web;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Idempotency keys for services with a database. */
@AutoConfiguration(after = { JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class })
@ConditionalOnBean({ JdbcTemplate.class, TransactionTemplate.class })
@Import(IdempotentRequests.class)
class IdempotentRequestsAutoConfiguration {

}
