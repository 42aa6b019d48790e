package dev.sagamart.orders.order;

/** What carries an accepted order through. */
public interface OrderProcess {

	/**
	 * Stores an order and sets it on its way, in the caller's transaction: the order is
	 * accepted exactly if that commits. If it is not accepted, nothing is stored.
	 */
	Acceptance begin(NewOrder order);

}
