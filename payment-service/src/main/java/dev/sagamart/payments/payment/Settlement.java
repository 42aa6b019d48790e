package dev.sagamart.payments.payment;

import dev.sagamart.events.PaymentEvent;
import java.util.List;

/**
 * What follows from the provider's answer, besides the payment's new state.
 *
 * @param events what to tell, in order; nothing if the saga has no word for it
 */
record Settlement(List<Posting> postings, List<PaymentEvent> events) {

	static Settlement of(PaymentEvent event, Posting... postings) {
		return new Settlement(List.of(postings), List.of(event));
	}

	static Settlement nothing() {
		return new Settlement(List.of(), List.of());
	}

	/** Whether the payment is as it was. */
	boolean isNothing() {
		return this.postings.isEmpty() && this.events.isEmpty();
	}

}
