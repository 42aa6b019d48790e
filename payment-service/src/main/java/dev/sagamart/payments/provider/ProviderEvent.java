package dev.sagamart.payments.provider;

/**
 * Something that changed a payment at the provider.
 *
 * @param id the provider's id of the event; the same for every delivery
 * @param reference the provider's id of the payment
 * @param intent how the payment stood then
 */
public record ProviderEvent(String id, String reference, ProviderIntent intent) {
}
