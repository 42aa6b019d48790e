package dev.sagamart.payments.provider;

import dev.sagamart.events.Money;

/**
 * A payment in the provider's books.
 *
 * @param reference the provider's id of the payment
 */
public record ProviderCharge(String reference, Money captured, Money refunded) {
}
