package dev.sagamart.orders.order;

/** What a buyer sees of an order. It never goes back. */
public enum OrderStatus {

	PENDING, CONFIRMED, SHIPPED, DELIVERED, REJECTED, CANCELLING, CANCELLED;

	/** Whether nothing can happen to the order any more. */
	public boolean isTerminal() {
		return switch (this) {
			case DELIVERED, REJECTED, CANCELLED -> true;
			case PENDING, CONFIRMED, SHIPPED, CANCELLING -> false;
		};
	}

}
