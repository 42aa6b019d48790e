package dev.sagamart.platform.messages;

import java.util.UUID;

/**
 * A message that a service sends through Kafka: a record with a stable
 * {@link MessageType} name. Each family of messages (events, or commands to one service)
 * is a sealed interface that belongs to one {@link Topic}. The JSON form has exactly the
 * components of the record.
 */
public interface Message {

	/** The aggregate of this message, whose messages keep their order in Kafka. */
	UUID aggregateId();

}
