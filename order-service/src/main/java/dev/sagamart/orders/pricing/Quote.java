package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;

/** What a product is called and costs, according to the price list. */
public record Quote(String name, Money unitPrice) {
}
