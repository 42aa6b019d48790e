package dev.sagamart.orders.pricing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How order-service asks product-service for prices.
 *
 * @param address host and port of its gRPC server
 * @param deadline how long an answer may take
 * @param client the client credentials of order-service
 * @param sslBundle certificates for product-service and for the token endpoint; plain
 * text if absent
 */
@Validated
@ConfigurationProperties("sagamart.pricing")
record PricingProperties(@NotBlank String address, @DefaultValue("300ms") Duration deadline,
		@NotNull @Valid Client client, @Nullable String sslBundle) {

	/** A client of user-service. */
	record Client(@DefaultValue("order-service") @NotBlank String id, @NotNull String secret, @NotNull URI tokenUri) {

		@Override
		public String toString() {
			return "Client[" + this.id + "]";
		}

	}

}
