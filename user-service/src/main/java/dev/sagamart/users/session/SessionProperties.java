package dev.sagamart.users.session;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of sessions and of failed log-ins.
 *
 * @param life the longest duration of a session
 * @param idleLife of a refresh token
 * @param maxPerUser sessions; one more ends the one that was not used for the longest
 * time
 * @param maxFailures of log-ins to an account from an address, and of codes of its second
 * factor from anywhere, within the window
 * @param failureWindow for how long a failure counts
 */
@Validated
@ConfigurationProperties("sagamart.sessions")
record SessionProperties(@NotNull @DefaultValue("30d") Duration life, @NotNull @DefaultValue("14d") Duration idleLife,
		@Positive @DefaultValue("100") int maxPerUser, @Positive @DefaultValue("10") int maxFailures,
		@NotNull @DefaultValue("15m") Duration failureWindow) {
}
