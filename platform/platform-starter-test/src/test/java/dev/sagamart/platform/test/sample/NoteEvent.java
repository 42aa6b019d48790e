package dev.sagamart.platform.test.sample;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/** The events of the sample service. */
@Topic(NoteEvent.TOPIC)
public sealed interface NoteEvent extends Message {

	String TOPIC = "note.events";

	UUID noteId();

	@Override
	default UUID aggregateId() {
		return noteId();
	}

	@MessageType("note.changed.v1")
	record NoteChanged(UUID noteId, String text, long version) implements NoteEvent {
	}

	@MessageType("note.removed.v1")
	record NoteRemoved(UUID noteId, long version) implements NoteEvent {
	}

}
