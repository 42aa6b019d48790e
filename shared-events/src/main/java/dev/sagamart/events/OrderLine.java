package dev.sagamart.events;

import java.util.UUID;

/** A product of an order, how many of it, and the price that was quoted for one. */
public record OrderLine(UUID productId, int quantity, Money unitPrice) {
}
