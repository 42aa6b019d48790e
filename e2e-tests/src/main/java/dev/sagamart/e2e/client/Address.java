package dev.sagamart.e2e.client;

import org.jspecify.annotations.Nullable;

/** Where an order goes. */
public record Address(String recipient, String line1, @Nullable String line2, String city, String postalCode,
		String country) {

	/** An address that can be delivered to. */
	public static Address usual() {
		return at("10115");
	}

	/** An address whose shipment is refused. */
	public static Address undeliverable() {
		return at("00000");
	}

	private static Address at(String postalCode) {
		return new Address("Alice Example", "Invalidenstraße 1", null, "Berlin", postalCode, "DE");
	}

}
