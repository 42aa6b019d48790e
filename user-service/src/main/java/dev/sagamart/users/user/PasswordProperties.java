package dev.sagamart.users.user;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How passwords are hashed.
 *
 * @param patience how long a request waits for its turn before it is refused; shorter
 * than what the gateway counts as a slow call
 */
@Validated
@ConfigurationProperties("sagamart.passwords")
record PasswordProperties(@NotNull @DefaultValue("2s") Duration patience) {
}
