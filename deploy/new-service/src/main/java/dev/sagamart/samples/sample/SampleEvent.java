package dev.sagamart.samples.sample;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/**
 * An event of a sample. Another service that receives it declares messages with the same
 * names, or both services use them from a common module.
 */
@Topic("sample.events")
public sealed interface SampleEvent extends Message {

	UUID sampleId();

	UUID ownerId();

	@Override
	default UUID aggregateId() {
		return sampleId();
	}

	@MessageType("sample.written.v1")
	record SampleWritten(UUID sampleId, UUID ownerId, String text) implements SampleEvent {
	}

	@MessageType("sample.removed.v1")
	record SampleRemoved(UUID sampleId, UUID ownerId) implements SampleEvent {
	}

}
