package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;

/** What an administrator says of a product. */
public record ProductDetails(String sku, String name, String description, String category, Money price) {
}
