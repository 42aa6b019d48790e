package dev.sagamart.gateway.security;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which access tokens are accepted.
 *
 * @param jwksUri where the signing keys are published
 * @param clockSkew by how much our clock may differ from the issuer's
 * @param cacheSize how many checked tokens are remembered until they expire
 * @param keysMaxAge after this the keys are fetched again, behind the requests
 * @param keysMinAge unknown key ids lead to no fetch sooner than this after the last one
 * @param keysTimeout of one fetch
 * @param sslBundle with which certificates the issuer is asked which tokens it took back
 */
@Validated
@ConfigurationProperties("sagamart.gateway.tokens")
record TokenProperties(@NotBlank String issuer, @NotBlank @DefaultValue("sagamart") String audience,
		@NotNull URI jwksUri, @NotNull @DefaultValue("60s") Duration clockSkew,
		@Positive @DefaultValue("10000") int cacheSize, @NotNull @DefaultValue("5m") Duration keysMaxAge,
		@NotNull @DefaultValue("30s") Duration keysMinAge, @NotNull @DefaultValue("3s") Duration keysTimeout,
		@Nullable String sslBundle) {
}
