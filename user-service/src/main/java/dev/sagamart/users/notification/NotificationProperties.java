package dev.sagamart.users.notification;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long notifications are kept.
 *
 * @param retention after which a notification is deleted
 * @param maxPerUser beyond which the oldest are deleted, also unsent ones
 */
@Validated
@ConfigurationProperties("sagamart.notifications")
record NotificationProperties(@NotNull @DefaultValue("90d") Duration retention,
		@Positive @DefaultValue("1000") int maxPerUser) {
}
