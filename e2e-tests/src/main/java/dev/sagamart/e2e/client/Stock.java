package dev.sagamart.e2e.client;

/** What product-service has of a product. */
public record Stock(long onHand, long reserved, long available, long sold) {
}
