package dev.sagamart.e2e.client;

import java.util.UUID;

/** A product of the catalogue. */
public record Product(UUID id, String sku, String name, String description, String category, Money price,
		String availability, long version) {
}
