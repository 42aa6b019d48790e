package dev.sagamart.orders.order;

import org.jspecify.annotations.Nullable;

/**
 * Where an order goes to.
 *
 * @param country ISO 3166 alpha-2
 */
public record Address(String recipient, String line1, @Nullable String line2, String city, String postalCode,
		String country) {
}
