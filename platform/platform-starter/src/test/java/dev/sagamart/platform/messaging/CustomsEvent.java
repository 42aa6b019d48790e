package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What somebody else says about the aggregates of these tests. */
@Topic(value = CustomsEvent.TOPIC, compacted = true, partitions = 3)
public sealed interface CustomsEvent extends Message {

	String TOPIC = "customs.events";

	UUID parcelId();

	@Override
	default UUID aggregateId() {
		return parcelId();
	}

	@MessageType("customs.refused.v1")
	record CustomsRefused(UUID parcelId, UUID officeId) implements CustomsEvent {
	}

	@MessageType("customs.asked.v1")
	record CustomsAsked(UUID parcelId, @Nullable UUID itemId) implements CustomsEvent {
	}

}
