package dev.sagamart.orders.order;

import dev.sagamart.events.PostalAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where an order goes to.
 *
 * @param postalCode {@code null} in countries without postal codes
 * @param country ISO 3166 alpha-2
 */
public record Address(String recipient, String line1, @Nullable String line2, String city, @Nullable String postalCode,
		String country) {

	public static Address of(PostalAddress wish) {
		PostalAddress address = wish.trimmed();
		return new Address(address.recipient(), address.line1(), address.line2(), address.city(), address.postalCode(),
				address.country());
	}

	/** What is left of the address of an erased buyer. */
	static Address onlyIn(String country) {
		return new Address("", "", null, "", "", country);
	}

}
