package dev.sagamart.events;

/** The names of the Kafka topics. */
public final class Topics {

	public static final String ORDER_EVENTS = "order.events";

	public static final String STOCK_COMMANDS = "stock.commands";

	public static final String STOCK_EVENTS = "stock.events";

	public static final String PAYMENT_COMMANDS = "payment.commands";

	public static final String PAYMENT_EVENTS = "payment.events";

	public static final String PRODUCT_EVENTS = "product.events";

	public static final String USER_EVENTS = "user.events";

	private Topics() {
	}

}
