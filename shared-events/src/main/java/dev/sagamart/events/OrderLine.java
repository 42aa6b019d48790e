package dev.sagamart.events;

import java.util.UUID;

/** A product of an order, its quantity, and the quoted price of one unit. */
public record OrderLine(UUID productId, int quantity, Money unitPrice) {
}
