package dev.sagamart.payments.provider;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the provider is reached.
 *
 * @param url base URL: Stripe's, or the simulator's
 * @param key the secret API key
 * @param webhookSecret what the provider signs its events with; without it none is taken
 * @param connectTimeout until a connection stands
 * @param readTimeout of one call
 * @param overallTimeout of one call with its immediate retries
 * @param retryWait before an immediate retry; doubles
 * @param maxConcurrent how many operations may be under way at once
 * @param breakerWait how long the circuit stays open
 */
@Validated
@ConfigurationProperties("sagamart.payment.provider")
record ProviderProperties(@NotNull URI url, String key, @DefaultValue("") String webhookSecret,
		@DefaultValue("1s") Duration connectTimeout, @DefaultValue("3s") Duration readTimeout,
		@DefaultValue("5s") Duration overallTimeout, @DefaultValue("50ms") Duration retryWait,
		@DefaultValue("64") @Min(1) int maxConcurrent, @DefaultValue("5s") Duration breakerWait) {
}
