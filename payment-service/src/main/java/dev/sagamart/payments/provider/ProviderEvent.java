package dev.sagamart.payments.provider;

/**
 * A change of a payment at the provider.
 *
 * @param id the provider's id of the event; the same for every delivery
 * @param reference the provider's id of the payment
 * @param intent the state of the payment at that time
 */
public record ProviderEvent(String id, String reference, ProviderIntent intent) {
}
