package dev.sagamart.orders.saga.web;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are streamed.
 *
 * @param maximum how many streams are open at once in this instance
 * @param maximumPerUser how many of them one user can have; another one ends their oldest
 * @param poll how often is looked for steps that another instance took
 * @param heartbeat how often a silent stream shows that it is alive
 * @param longest after how long a stream is ended; the client then resumes it
 */
@Validated
@ConfigurationProperties("sagamart.streams")
record SagaStreamProperties(@DefaultValue("1000") @Min(1) int maximum, @DefaultValue("8") @Min(1) int maximumPerUser,
		@DefaultValue("1s") Duration poll, @DefaultValue("15s") Duration heartbeat,
		@DefaultValue("10m") Duration longest) {
}
