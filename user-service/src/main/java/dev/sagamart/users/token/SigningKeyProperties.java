package dev.sagamart.users.token;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The rotation of signing keys.
 *
 * @param signingLife how long a key signs
 * @param publishedAhead how long a key is published before it signs; longer than the next
 * two together, so that all services have it by then
 * @param cached how long clients may cache the published keys
 * @param readInterval how often an instance reads the keys again
 */
@Validated
@ConfigurationProperties("sagamart.signing-keys")
record SigningKeyProperties(@NotNull @DefaultValue("30d") Duration signingLife,
		@NotNull @DefaultValue("10m") Duration publishedAhead, @NotNull @DefaultValue("5m") Duration cached,
		@NotNull @DefaultValue("1m") Duration readInterval) {

	SigningKeyProperties {
		if (publishedAhead.compareTo(cached.plus(readInterval)) <= 0 || signingLife.compareTo(publishedAhead) <= 0) {
			throw new IllegalArgumentException("sagamart.signing-keys: signing-life must be more than published-ahead,"
					+ " and that more than cached and read-interval together");
		}
	}

}
