package dev.sagamart.orders.order.web;

import dev.sagamart.events.PostalAddress;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;

/**
 * What a buyer asks for. No price: prices are ours.
 *
 * @param paymentMethod the payment provider's reference; card data never gets here
 */
record PlaceOrderRequest(@NotNull @Size(min = 1, max = 50) List<@NotNull @Valid Item> items,
		@NotNull @Valid PostalAddress shippingAddress,
		@NotNull @Pattern(regexp = "pm_[A-Za-z0-9_]{1,60}") String paymentMethod) {

	record Item(@NotNull UUID productId, @NotNull @Min(1) @Max(999) Integer quantity) {
	}

}
