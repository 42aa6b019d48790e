package dev.sagamart.orders.order;

import java.util.Arrays;
import java.util.List;

/**
 * The state of the saga of an order, and the status that the buyer sees. The names are
 * stored.
 */
public enum OrderState {

	// The way forward
	RESERVING_STOCK(OrderStatus.PENDING), AUTHORISING_PAYMENT(OrderStatus.PENDING),
	BOOKING_SHIPMENT(OrderStatus.PENDING), CAPTURING_PAYMENT(OrderStatus.PENDING),

	// Sold
	CONFIRMED(OrderStatus.CONFIRMED), SHIPPED(OrderStatus.SHIPPED), DELIVERED(OrderStatus.DELIVERED),

	// It failed, and is compensated one step at a time
	UNBOOKING_TO_REJECT(OrderStatus.PENDING), VOIDING_TO_REJECT(OrderStatus.PENDING),
	RELEASING_TO_REJECT(OrderStatus.PENDING), REJECTED(OrderStatus.REJECTED),

	// The buyer cancelled before the payment was captured
	UNBOOKING_TO_CANCEL(OrderStatus.CANCELLING), VOIDING_TO_CANCEL(OrderStatus.CANCELLING),
	RELEASING_TO_CANCEL(OrderStatus.CANCELLING),

	// The buyer cancelled after the payment was captured, or while it was
	CAPTURING_TO_CANCEL(OrderStatus.CANCELLING), RECALLING_TO_CANCEL(OrderStatus.CANCELLING),
	REFUNDING_TO_CANCEL(OrderStatus.CANCELLING), RETURNING_TO_CANCEL(OrderStatus.CANCELLING),
	CANCELLED(OrderStatus.CANCELLED);

	private final OrderStatus status;

	OrderState(OrderStatus status) {
		this.status = status;
	}

	public OrderStatus status() {
		return this.status;
	}

	/** Whether the saga waits for an answer, so that a deadline runs. */
	public boolean isWaiting() {
		return this.status == OrderStatus.PENDING || this.status == OrderStatus.CANCELLING;
	}

	/** The names of the states in which the address is no longer needed. */
	public static List<String> doneWithAddress() {
		return Arrays.stream(values())
			.filter((state) -> state == SHIPPED || state.status.isTerminal())
			.map(Enum::name)
			.toList();
	}

	/** The states that a buyer sees as that status. */
	public static List<OrderState> of(OrderStatus status) {
		return Arrays.stream(values()).filter((state) -> state.status == status).toList();
	}

}
