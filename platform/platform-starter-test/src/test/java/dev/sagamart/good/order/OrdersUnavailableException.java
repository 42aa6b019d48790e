package dev.sagamart.good.order;

/** Is only caught outside of its package. */
public class OrdersUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1;

}
