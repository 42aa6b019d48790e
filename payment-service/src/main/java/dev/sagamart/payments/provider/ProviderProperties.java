package dev.sagamart.payments.provider;

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
 */
@Validated
@ConfigurationProperties("sagamart.payment.provider")
record ProviderProperties(@NotNull URI url, String key, @DefaultValue("") String webhookSecret,
		@DefaultValue("1s") Duration connectTimeout, @DefaultValue("3s") Duration readTimeout) {
}
