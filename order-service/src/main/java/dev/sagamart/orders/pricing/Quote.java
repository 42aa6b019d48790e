package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import java.util.UUID;

/** What a product costs as far as we know. */
public record Quote(UUID productId, String name, Money unitPrice) {
}
