package dev.sagamart.platform.test.contract;

import au.com.dius.pact.consumer.dsl.SynchronousMessagePactBuilder;
import au.com.dius.pact.core.model.PactSpecVersion;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import dev.sagamart.platform.test.KafkaMessages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ContractTests {

	private static final String WRITTEN = "note.written.v1";

	@TempDir
	private Path directory;

	private PactFiles files;

	private final ConsumerContract contract = new ConsumerContract("reader", "note-service").reads("note.events",
			WRITTEN, (note) -> note.uuid("noteId", UUID.randomUUID()).stringType("text", "Hello"));

	@BeforeEach
	void files() {
		this.files = new PactFiles(this.directory);
	}

	@Test
	void givesAnExampleAsItWouldComeFromKafka() {
		ConsumerRecord<byte[], byte[]> example = this.contract.example(WRITTEN);
		assertThat(example.topic()).isEqualTo("note.events");
		assertThat(text(example.value())).contains("\"text\":\"Hello\"");
		assertThat(text(example.headers().lastHeader("ce_type").value())).isEqualTo(WRITTEN);
		assertThatIllegalArgumentException().isThrownBy(() -> this.contract.example("note.lost.v1"));
	}

	@Test
	void noticesThatThePactIsNotTheCommittedOne() {
		commit(this.contract);
		this.files.requireCommitted(this.contract.pact());
		ConsumerContract other = new ConsumerContract("reader", "note-service").reads("note.events", WRITTEN,
				(note) -> note.stringType("title", "Hello"));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.files.requireCommitted(other.pact()))
			.withMessageContaining("-Dcontracts.update");
	}

	@Test
	void onlyTheProviderThatIsNamedPromises() {
		commit(this.contract);
		assertThat(Promise.of("note-service", this.files)).singleElement().hasToString("reader wants note.written.v1");
		assertThat(Promise.of("other-service", this.files)).isEmpty();
	}

	@Test
	void aFieldMoreBreaksNothing() {
		assertThat(brokenBy("note.events", WRITTEN, """
				{"noteId": "%s", "text": "Bye", "at": 7}""".formatted(UUID.randomUUID()))).isEmpty();
	}

	@Test
	void aRenamedFieldBreaksThePromise() {
		assertThat(brokenBy("note.events", WRITTEN, """
				{"noteId": "%s", "body": "Bye"}""".formatted(UUID.randomUUID()))).singleElement()
			.asString()
			.contains("text");
	}

	@Test
	void anotherTypeOfAFieldBreaksThePromise() {
		assertThat(brokenBy("note.events", WRITTEN, """
				{"noteId": "%s", "text": 7}""".formatted(UUID.randomUUID()))).isNotEmpty();
	}

	@Test
	void anotherTopicOrTypeBreaksThePromise() {
		String payload = """
				{"noteId": "%s", "text": "Bye"}""".formatted(UUID.randomUUID());
		assertThat(brokenBy("other.events", WRITTEN, payload)).isNotEmpty();
		assertThat(brokenBy("note.events", "note.written.v2", payload)).isNotEmpty();
	}

	@Test
	void aProviderKeepsItsPromiseAndNoticesARenamedField() {
		commit(this.contract);
		Promise promise = Promise.of("note-service", this.files).findFirst().orElseThrow();
		ProviderContract provider = provider("text", new NoteWritten(UUID.randomUUID(), "Bye"));
		provider.sendsWhatConsumersRead(promise);
		provider.wouldNoticeARenamedField(promise);
		assertThatExceptionOfType(AssertionError.class).as("nothing is renamed")
			.isThrownBy(() -> provider("title", new NoteWritten(UUID.randomUUID(), "Bye"))
				.wouldNoticeARenamedField(promise));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> provider("text").sendsWhatConsumersRead(promise))
			.withMessageContaining("what note-service sends");
	}

	@Test
	void aCallHasARequestAndPromisesAnAnswer() {
		this.files.commit(new SynchronousMessagePactBuilder(PactSpecVersion.V4).consumer("reader")
			.hasPactWith("note-service")
			.expectsToReceive("count")
			.withRequest((request) -> request.withContent("{\"of\":\"me\"}", "application/json"))
			.withResponse((response) -> response.withContent("{\"notes\":3}", "application/json"))
			.toPact());
		Promise promise = Promise.of("note-service", this.files).findFirst().orElseThrow();
		assertThat(promise.request()).contains("me");
		assertThat(promise.brokenBy("{\"notes\":3}")).isEmpty();
		assertThat(promise.brokenBy("{\"count\":3}")).isNotEmpty();
	}

	@Topic("note.events")
	@MessageType(WRITTEN)
	record NoteWritten(UUID noteId, String text) implements Message {

		@Override
		public UUID aggregateId() {
			return this.noteId;
		}

	}

	private static ProviderContract provider(String field, Message... messages) {
		return new ProviderContract("note-service", field, Stream.of(messages), KafkaMessages::json,
				(id, type, _, _, subject) -> KafkaMessages.headers(id, type, subject)) {
		};
	}

	private List<String> brokenBy(String topic, String type, String payload) {
		commit(this.contract);
		return Promise.of("note-service", this.files)
			.findFirst()
			.orElseThrow()
			.brokenBy(topic, bytes(payload),
					Map.of("ce_type", type, "ce_specversion", "1.0", "ce_id", UUID.randomUUID().toString()));
	}

	private void commit(ConsumerContract contract) {
		this.files.commit(contract.pact());
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
