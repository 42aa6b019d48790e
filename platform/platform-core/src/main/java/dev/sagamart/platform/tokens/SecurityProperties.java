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
 * How access tokens are checked.
 *
 * @param jwksUri where the issuer publishes its keys; first asked when the first token
 * comes
 * @param issuer the {@code iss} of every token
 * @param audience must be among a token's {@code aud}
 * @param clockSkew by how much clocks may differ
 * @param keysKept how long keys are used before they are fetched again; while that fails,
 * the old ones go on
 * @param keysFetchInterval a token that names an unknown key makes the keys be fetched,
 * at most once in this time
 * @param keysTimeout for how long an issuer that does not answer is waited for; one that
 * has just started is slow to answer for the first time
 * @param cachedTokens how many checked tokens are remembered until they expire
 * @param sslBundle with which certificates the issuer is asked
 * @param scope without which the token of a client that acts for a user opens nothing
 * here; none where every scope may lead further
 */
@Validated
@ConfigurationProperties("sagamart.security")
public record SecurityProperties(@NotNull URI jwksUri, @NotBlank String issuer,
		@DefaultValue("sagamart") @NotBlank String audience, @DefaultValue("60s") @NotNull Duration clockSkew,
		@DefaultValue("5m") @NotNull Duration keysKept, @DefaultValue("30s") @NotNull Duration keysFetchInterval,
		@DefaultValue("3s") @NotNull Duration keysTimeout, @DefaultValue("5000") @Min(0) int cachedTokens,
		@Nullable String sslBundle, @Nullable @Pattern(regexp = ".*\\S.*") String scope) {
}
