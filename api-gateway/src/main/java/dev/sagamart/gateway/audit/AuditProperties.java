package dev.sagamart.gateway.audit;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How the audit is stored.
 *
 * @param queueCapacity the number of entries in memory, about 0.5 kB each, while the
 * database is slow or unavailable. When the queue is full, further entries are dropped
 * and counted
 * @param retention after which a day is dropped, counted from the end of the day
 * @param refusalsAtOnce how many refusals that differ in address, user, status or code
 * each instance counts separately per minute, about 1 kB each. Further ones are counted
 * together
 * @param refusalsSize the limit for the size of all refusals in the database, indexes
 * included. Beyond it, the oldest days are dropped early. If today alone exceeds it, new
 * refusals are counted together
 */
@Validated
@ConfigurationProperties("sagamart.gateway.audit")
record AuditProperties(@Positive @DefaultValue("20000") int queueCapacity,
		@NotNull @DefaultValue("90d") Duration retention, @Positive @DefaultValue("1000") int refusalsAtOnce,
		@NotNull @DefaultValue("1GB") DataSize refusalsSize) {
}
