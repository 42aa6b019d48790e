package dev.sagamart.gateway.audit;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How the audit is kept.
 *
 * @param queueCapacity how many entries wait at most while the database is slow or away;
 * about 0.5 kB each. What comes when the queue is full is dropped and counted
 * @param retention after which a day is dropped, counted from its end
 * @param refusalsAtOnce how many refusals that differ in address, user, status or code
 * are told apart in a minute by each instance; about 1 kB each. What comes then is
 * counted together
 * @param refusalsSize how much room all refusals may take in the database, indexes
 * included. The oldest days go before their time when it is more; today stays, and while
 * it alone is more, what is new in it is counted together
 */
@Validated
@ConfigurationProperties("sagamart.gateway.audit")
record AuditProperties(@Positive @DefaultValue("20000") int queueCapacity,
		@NotNull @DefaultValue("90d") Duration retention, @Positive @DefaultValue("1000") int refusalsAtOnce,
		@NotNull @DefaultValue("1GB") DataSize refusalsSize) {
}
