package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.products.stock.Availability;
import java.util.UUID;

/**
 * A product as it is read.
 *
 * @param active {@code false} once discontinued
 * @param version grows with every change of the product, not with its availability
 * @param stockVersion grows with every change of its stock
 */
public record CatalogueProduct(UUID id, String sku, String name, String description, String category, Money price,
		Availability availability, boolean active, long version, long stockVersion) {

	ProductVersion state() {
		return new ProductVersion(this.version, this.stockVersion);
	}

}
