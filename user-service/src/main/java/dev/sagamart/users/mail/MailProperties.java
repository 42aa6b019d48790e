package dev.sagamart.users.mail;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How mails are sent, if there is a mail server ({@code spring.mail.host}).
 *
 * @param from the sender's address
 * @param maxAttempts after which a mail is given up
 * @param firstPause after a failed attempt; doubles with each attempt
 * @param longestPause the longest pause: with the other defaults, a mail is given up
 * after about ten hours
 * @param lease how long an instance has a batch to itself
 * @param ordersPerHour most mails about orders to an address within an hour
 * @param tokensPerHour the same of confirmations and resets together
 * @param warningsPerHour the same for warnings about changes of the account
 */
@Validated
@ConfigurationProperties("sagamart.mail")
record MailProperties(@NotBlank String from, @Positive @DefaultValue("18") int maxAttempts,
		@NotNull @DefaultValue("10s") Duration firstPause, @NotNull @DefaultValue("1h") Duration longestPause,
		@NotNull @DefaultValue("5m") Duration lease, @Positive @DefaultValue("14") int ordersPerHour,
		@Positive @DefaultValue("3") int tokensPerHour, @Positive @DefaultValue("3") int warningsPerHour) {
}
