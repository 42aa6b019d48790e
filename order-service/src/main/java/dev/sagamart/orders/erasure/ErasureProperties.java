package dev.sagamart.orders.erasure;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How an erased user is forgotten.
 *
 * @param again how long to wait before looking again for what could not go yet
 * @param watch how long something may still come in: longer than any access token lives
 */
@Validated
@ConfigurationProperties("sagamart.erasure")
record ErasureProperties(@NotNull @DefaultValue("1m") Duration again, @NotNull @DefaultValue("24h") Duration watch) {
}
