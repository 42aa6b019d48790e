package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.products.stock.Availability;
import java.util.UUID;

/**
 * A product with its availability, for reads.
 *
 * @param active whether it is sold; {@code false} for a discontinued product
 * @param version grows with every change of the product itself
 * @param stockVersion grows with every change of its stock
 */
public record CatalogueProduct(UUID id, String sku, String name, String description, String category, Money price,
		Availability availability, boolean active, long version, long stockVersion) {

	ProductVersion productVersion() {
		return new ProductVersion(this.version, this.stockVersion);
	}

}
