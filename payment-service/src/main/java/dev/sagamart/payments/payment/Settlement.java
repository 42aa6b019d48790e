package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the provider's answer, besides the payment's new state.
 *
 * @param event what to tell, or {@code null} if the saga has no word for it
 */
record Settlement(List<Posting> postings, @Nullable PaymentEvent event) {
}
