package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import java.util.UUID;

/** The price of a product in the price list. */
public record Quote(UUID productId, String name, Money unitPrice) {
}
