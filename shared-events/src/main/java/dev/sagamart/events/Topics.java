package dev.sagamart.events;

import java.util.List;

/** The names of the Kafka topics. */
public final class Topics {

	public static final String ORDER_EVENTS = "order.events";

	public static final String STOCK_COMMANDS = "stock.commands";

	public static final String STOCK_EVENTS = "stock.events";

	public static final String PAYMENT_COMMANDS = "payment.commands";

	public static final String PAYMENT_EVENTS = "payment.events";

	/** Compacted: the last state of every product is always there. */
	public static final String PRODUCT_EVENTS = "product.events";

	public static final String USER_EVENTS = "user.events";

	/** All of them, without the dead-letter topics. */
	public static final List<String> ALL = List.of(ORDER_EVENTS, STOCK_COMMANDS, STOCK_EVENTS, PAYMENT_COMMANDS,
			PAYMENT_EVENTS, PRODUCT_EVENTS, USER_EVENTS);

	private Topics() {
	}

	/** The topic that takes the messages of a topic that a consumer group gave up on. */
	public static String deadLetters(String topic, String group) {
		return topic + "." + group + ".dlt";
	}

}
