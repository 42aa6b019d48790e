package dev.sagamart.e2e.client;

/** The stock of a product. */
public record Stock(long onHand, long reserved, long available, long sold) {
}
