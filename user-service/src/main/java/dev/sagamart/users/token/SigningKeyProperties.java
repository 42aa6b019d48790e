package dev.sagamart.users.token;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How signing keys take turns.
 *
 * @param signingLife after which the next key signs
 * @param publishedAhead for how long a key is published before it signs; others must have
 * got it by then, so it is more than the next two together
 * @param cached for how long others may keep what is published
 * @param readInterval after which an instance sees what another one has done
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
