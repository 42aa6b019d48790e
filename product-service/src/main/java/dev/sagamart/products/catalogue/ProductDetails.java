package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;

/** The data of a product that administrators edit. */
public record ProductDetails(String sku, String name, String description, String category, Money price) {
}
