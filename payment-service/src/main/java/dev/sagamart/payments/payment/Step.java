package dev.sagamart.payments.payment;

import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentEvent;

/** What is to be done next for an operation, given the payment as it is. */
sealed interface Step {

	/** Ask the provider, which may be for something else than what was commanded. */
	record Ask(OperationKind call, Money amount) implements Step {
	}

	/** The provider was never asked and need not be any more: the payment ends unpaid. */
	record Withdraw() implements Step {
	}

	/** Nothing is left to do: tell how it stands. */
	record Tell(PaymentEvent event) implements Step {
	}

}
