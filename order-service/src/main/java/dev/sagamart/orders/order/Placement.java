package dev.sagamart.orders.order;

/** What came of an attempt to place an order. */
public sealed interface Placement {

	/** It is stored, and on its way. */
	record Accepted(Order order) implements Placement {
	}

	/** The buyer's account was erased. */
	record BuyerErased() implements Placement {
	}

	/**
	 * The buyer has as much under way as one buyer may: it holds stock that others want.
	 */
	record TooManyOpen() implements Placement {
	}

	/**
	 * The buyer was declined too often of late, or with too many payment methods.
	 */
	record TooManyDeclines() implements Placement {
	}

}
