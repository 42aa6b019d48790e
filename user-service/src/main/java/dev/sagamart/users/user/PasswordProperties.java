package dev.sagamart.users.user;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How passwords are hashed.
 *
 * @param patience how long somebody waits for their turn before they are sent away;
 * shorter than what the gateway calls a slow answer
 */
@Validated
@ConfigurationProperties("sagamart.passwords")
record PasswordProperties(@NotNull @DefaultValue("2s") Duration patience) {
}
