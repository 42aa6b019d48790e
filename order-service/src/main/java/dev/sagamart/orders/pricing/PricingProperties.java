package dev.sagamart.orders.pricing;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How product-service is asked for prices.
 *
 * @param address host and port of its gRPC server
 * @param deadline how long an answer may take
 */
@Validated
@ConfigurationProperties("sagamart.pricing")
record PricingProperties(@NotBlank String address, @DefaultValue("300ms") Duration deadline) {
}
