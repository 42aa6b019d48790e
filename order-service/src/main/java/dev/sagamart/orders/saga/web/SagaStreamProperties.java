package dev.sagamart.orders.saga.web;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the event streams of orders.
 *
 * @param maximum how many streams are open at once in this instance
 * @param maximumPerUser how many of them one user can have; a further one ends the oldest
 * @param heartbeat after how much silence a comment is sent
 * @param longest how long a stream lasts; the client can resume it
 */
@Validated
@ConfigurationProperties("sagamart.streams")
record SagaStreamProperties(@DefaultValue("1000") @Min(1) int maximum, @DefaultValue("8") @Min(1) int maximumPerUser,
		@DefaultValue("15s") Duration heartbeat, @DefaultValue("10m") Duration longest) {
}
