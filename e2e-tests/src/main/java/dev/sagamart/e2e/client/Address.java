package dev.sagamart.e2e.client;

import org.jspecify.annotations.Nullable;

/** The shipping address of an order. */
public record Address(String recipient, String line1, @Nullable String line2, String city, String postalCode,
		String country) {

	public static Address usual() {
		return at("10115");
	}

	/** An address that the carrier refuses. */
	public static Address undeliverable() {
		return at("00000");
	}

	private static Address at(String postalCode) {
		return new Address("Alice Example", "Invalidenstraße 1", null, "Berlin", postalCode, "DE");
	}

}
