package dev.sagamart.payments;

import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import java.util.UUID;

public final class PaymentFixtures {

	public static final UUID BUYER = UUID.randomUUID();

	private PaymentFixtures() {
	}

	public static Money eur(long cents) {
		return new Money(cents, "EUR");
	}

	public static AuthorisePayment authorise(UUID orderId, String paymentMethod) {
		return new AuthorisePayment(orderId, BUYER, eur(1999), paymentMethod);
	}

}
