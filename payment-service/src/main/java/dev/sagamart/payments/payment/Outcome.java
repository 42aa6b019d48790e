package dev.sagamart.payments.payment;

import dev.sagamart.payments.provider.ProviderResult;
import org.jspecify.annotations.Nullable;

/**
 * What a worker brings back.
 *
 * @param result the provider's answer, or {@code null} if it did not have to be asked
 */
record Outcome(Operation operation, Step step, @Nullable ProviderResult result) {
}
