package dev.sagamart.orders.order;

/** Whether a new order is accepted. */
public sealed interface Acceptance {

	/** It is stored, and on its way. */
	record Accepted(Order order) implements Acceptance {
	}

	/** The buyer's account was erased. */
	record BuyerErased() implements Acceptance {
	}

	/**
	 * The buyer has as much under way as one buyer may: it holds stock that others want.
	 */
	record TooMuchOpen() implements Acceptance {
	}

	/**
	 * The buyer was declined too often of late, or with too many payment methods.
	 */
	record TooManyDeclines() implements Acceptance {
	}

}
