package dev.sagamart.events;

import java.util.UUID;

/**
 * Something a service tells the others through Kafka. Each family (an event or a command
 * stream) is a sealed interface that belongs to one {@link Topic}, each message a record
 * with a stable {@link MessageType} name. The JSON form has exactly the record's
 * components.
 */
public sealed interface Message
		permits OrderEvent, StockCommand, StockEvent, PaymentCommand, PaymentEvent, ProductEvent, UserEvent {

	/**
	 * The aggregate that this message is about. It becomes the Kafka key, so that
	 * messages of one aggregate keep their order.
	 */
	UUID aggregateId();

}
