package dev.sagamart.payments.provider;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The connection to the provider.
 *
 * @param url the base URL of Stripe or of the simulator
 * @param key the secret API key
 * @param webhookSecret the key of the signatures of webhooks; if it is empty, all
 * webhooks are refused
 * @param connectTimeout the time limit for opening a connection
 * @param readTimeout the time limit of one HTTP request
 */
@Validated
@ConfigurationProperties("sagamart.payment.provider")
record ProviderProperties(@NotNull URI url, String key, @DefaultValue("") String webhookSecret,
		@DefaultValue("1s") Duration connectTimeout, @DefaultValue("3s") Duration readTimeout) {
}
