package dev.sagamart.products.catalogue.web;

import dev.sagamart.events.Money;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.stock.Availability;
import java.util.UUID;

public record ProductResponse(UUID id, String sku, String name, String description, String category, Money price,
		String imageUrl, Availability availability, long version) {

	public static ProductResponse from(CatalogueProduct product) {
		return new ProductResponse(product.id(), product.sku(), product.name(), product.description(),
				product.category(), product.price(), "/api/v1/products/" + product.id() + "/image",
				product.availability(), product.version());
	}

}
