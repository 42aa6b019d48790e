package dev.sagamart.platform.messages;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageTypesTests {

	@Topic("note.events")
	sealed interface NoteEvent extends Message {

		UUID noteId();

		@Override
		default UUID aggregateId() {
			return noteId();
		}

		@MessageType("note.written.v1")
		record NoteWritten(UUID noteId) implements NoteEvent {
		}

		sealed interface Ending extends NoteEvent {

		}

		@MessageType("note.removed.v1")
		record NoteRemoved(UUID noteId) implements Ending {
		}

	}

	@Topic(value = "single.events", compacted = true, partitions = 3)
	@MessageType("single.said.v1")
	record Single(UUID aggregateId) implements Message {
	}

	@MessageType("note.written.v1")
	record SameName(UUID aggregateId) implements Message {
	}

	record Nameless(UUID aggregateId) implements Message {
	}

	interface Open extends Message {

	}

	@Test
	void findsAllRecordsOfAFamilyByName() {
		assertThat(MessageTypes.byName(Stream.of(NoteEvent.class, NoteEvent.NoteRemoved.class, Single.class)))
			.hasSize(3)
			.containsEntry("note.written.v1", NoteEvent.NoteWritten.class)
			.containsEntry("note.removed.v1", NoteEvent.NoteRemoved.class)
			.containsEntry("single.said.v1", Single.class);
		assertThat(MessageTypes.onTopicOf(NoteEvent.NoteWritten.class)).containsOnlyKeys("note.written.v1",
				"note.removed.v1");
	}

	@Test
	void findsTheTopicOfTheTypeOrOfItsFamily() {
		assertThat(MessageTypes.topicOf(NoteEvent.class).value()).isEqualTo("note.events");
		assertThat(MessageTypes.topicOf(NoteEvent.NoteRemoved.class).value()).isEqualTo("note.events");
		assertThat(MessageTypes.topicOf(Single.class)).satisfies((topic) -> {
			assertThat(topic.value()).isEqualTo("single.events");
			assertThat(topic.compacted()).isTrue();
			assertThat(topic.partitions()).isEqualTo(3);
		});
	}

	@Test
	void namesTheMissingAnnotation() {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.byName(Stream.of(Nameless.class)))
			.withMessageContaining("Nameless has no @MessageType");
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.topicOf(Nameless.class))
			.withMessageContaining("Nameless belongs to no @Topic");
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.onTopicOf(Nameless.class))
			.withMessageContaining("Nameless belongs to no @Topic");
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.byName(Stream.of(Open.class)))
			.withMessageContaining("Open is neither a record nor a sealed interface of records");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MessageTypes.byName(Stream.of(NoteEvent.class, SameName.class)))
			.withMessageContaining("have the same @MessageType");
	}

}
