package dev.sagamart.users.token;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of access tokens.
 *
 * @param accessTokenLife after which a token has to be refreshed
 */
@Validated
@ConfigurationProperties("sagamart.tokens")
record TokenProperties(@NotNull @DefaultValue("15m") Duration accessTokenLife) {
}
