package dev.sagamart.users.notification;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How notifications are sent, if there is a mail server ({@code spring.mail.host}).
 *
 * @param from the sender's address
 * @param maxAttempts after which a mail is given up
 * @param firstPause after a failed attempt; doubles with each one
 * @param longestPause that it doubles up to: with the other defaults, a mail is given up
 * after about ten hours
 * @param lease for which an instance has a batch to itself
 * @param retention after which a notification is deleted
 * @param maxPerUser of which the oldest go before that, also unsent ones
 */
@Validated
@ConfigurationProperties("sagamart.notifications")
record NotificationProperties(@NotBlank String from, @Positive @DefaultValue("18") int maxAttempts,
		@NotNull @DefaultValue("10s") Duration firstPause, @NotNull @DefaultValue("1h") Duration longestPause,
		@NotNull @DefaultValue("5m") Duration lease, @NotNull @DefaultValue("90d") Duration retention,
		@Positive @DefaultValue("1000") int maxPerUser) {
}
