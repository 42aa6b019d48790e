package dev.sagamart.platform.messages;

import java.util.UUID;

/**
 * Something a service tells others through Kafka: a record with a stable
 * {@link MessageType} name. Each family of them (an event or a command stream) is a
 * sealed interface that belongs to one {@link Topic}. The JSON form has exactly the
 * record's components.
 */
public interface Message {

	/**
	 * The aggregate that this message is about. It becomes the Kafka key, so that
	 * messages of one aggregate keep their order.
	 */
	UUID aggregateId();

}
