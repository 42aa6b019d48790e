package dev.sagamart.platform.tokens;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How access tokens are validated.
 *
 * @param jwksUri the address of the issuer's keys, which are fetched when the first token
 * arrives
 * @param issuer the {@code iss} of every token
 * @param audience must be contained in {@code aud}
 * @param clockSkew the tolerated difference between the clocks of the issuer and the
 * service
 * @param keysKept how long keys are used before they are fetched again; if that fails,
 * the old keys remain in use
 * @param keysFetchInterval a token with an unknown key triggers a fetch of the keys, at
 * most once in this interval
 * @param keysTimeout the read time-out; an issuer that has just started is slow to
 * respond for the first time
 * @param cachedTokens how many valid tokens are cached
 * @param sslBundle the SSL bundle for connections to the issuer
 * @param scope the scope that a client needs to act for a user in this service;
 * {@code null} if any scope is enough
 */
@Validated
@ConfigurationProperties("sagamart.security")
public record SecurityProperties(@NotNull URI jwksUri, @NotBlank String issuer,
		@DefaultValue("sagamart") @NotBlank String audience, @DefaultValue("60s") @NotNull Duration clockSkew,
		@DefaultValue("5m") @NotNull Duration keysKept, @DefaultValue("30s") @NotNull Duration keysFetchInterval,
		@DefaultValue("3s") @NotNull Duration keysTimeout, @DefaultValue("5000") @Min(0) int cachedTokens,
		@Nullable String sslBundle, @Nullable @Pattern(regexp = ".*\\S.*") String scope) {
}
