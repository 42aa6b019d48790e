package dev.sagamart.orders.order;

import java.util.Optional;

/** What carries an accepted order through. */
public interface OrderProcess {

	/**
	 * Stores an order and sets it on its way, in the caller's transaction: the order is
	 * accepted exactly if that commits.
	 * @return the order as stored; empty if the buyer's account was erased
	 */
	Optional<Order> begin(NewOrder order);

}
