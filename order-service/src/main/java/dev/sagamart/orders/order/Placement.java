package dev.sagamart.orders.order;

/** What came of an attempt to place an order. */
public sealed interface Placement {

	/** The order is stored, and its saga has begun. */
	record Accepted(Order order) implements Placement {
	}

	/** The buyer's account was erased. */
	record BuyerErased() implements Placement {
	}

	/**
	 * The buyer has too many open orders, which hold stock that others want.
	 */
	record TooManyOpen() implements Placement {
	}

	/** Too many recent payments of the buyer were declined. */
	record TooManyDeclines() implements Placement {
	}

}
