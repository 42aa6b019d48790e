package dev.sagamart.orders.order.web;

import dev.sagamart.orders.order.Address;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a buyer asks for. No price: prices are ours.
 *
 * @param paymentMethod the payment provider's reference; card data never gets here
 */
record PlaceOrderRequest(@NotNull @Size(min = 1, max = 50) List<@NotNull @Valid Item> items,
		@NotNull @Valid ShippingAddress shippingAddress,
		@NotNull @Pattern(regexp = "pm_[A-Za-z0-9_]{1,60}") String paymentMethod) {

	record Item(@NotNull UUID productId, @NotNull @Min(1) @Max(999) Integer quantity) {
	}

	/**
	 * Free text without control characters, which neither a label nor a database takes.
	 */
	record ShippingAddress(@NotBlank @Size(max = 100) @Pattern(regexp = TEXT) String recipient,
			@NotBlank @Size(max = 200) @Pattern(regexp = TEXT) String line1,
			@Nullable @Size(max = 200) @Pattern(regexp = TEXT) String line2,
			@NotBlank @Size(max = 100) @Pattern(regexp = TEXT) String city,
			@NotBlank @Size(max = 20) @Pattern(regexp = TEXT) String postalCode, @NotNull String country) {

		private static final String TEXT = "[^\\p{Cc}\\p{Cs}]*";

		private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

		@AssertTrue(message = "must be an ISO 3166 alpha-2 country code")
		boolean isCountryKnown() {
			return this.country == null || COUNTRIES.contains(this.country);
		}

		Address toAddress() {
			return new Address(this.recipient, this.line1, this.line2, this.city, this.postalCode, this.country);
		}

	}

}
