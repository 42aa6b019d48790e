package dev.sagamart.gateway.audit;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the audit is kept.
 *
 * @param queueCapacity how many entries wait at most while the database is slow or away;
 * about 0.5 kB each. What comes when the queue is full is dropped and counted
 * @param retention after which entries are deleted
 */
@Validated
@ConfigurationProperties("sagamart.gateway.audit")
record AuditProperties(@Positive @DefaultValue("20000") int queueCapacity,
		@NotNull @DefaultValue("90d") Duration retention) {
}
