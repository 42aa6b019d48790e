package dev.sagamart.orders.erasure;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the data of erased users is removed.
 *
 * @param again the time between two checks of a user whose data could not be removed yet
 * @param watch how long a user is checked at least: longer than any access token lives
 */
@Validated
@ConfigurationProperties("sagamart.erasure")
record ErasureProperties(@NotNull @DefaultValue("1m") Duration again, @NotNull @DefaultValue("24h") Duration watch) {
}
