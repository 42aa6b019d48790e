package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messages.Topic;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The golden files are what went over the wire yesterday. A file may be added with a new
 * message; none may change, because consumers and topics still hold the old form.
 */
class GoldenMessageTests {

	private static final Path GOLDEN = Path.of("src/test/resources/golden");

	private static final Path CLASSES = Path.of("target/classes/dev/sagamart/events");

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	static List<Message> examples() {
		return MessageExamples.ALL;
	}

	@ParameterizedTest
	@MethodSource("examples")
	void writesWhatTheGoldenFileHolds(Message message) throws IOException {
		assertThat(written(message)).isEqualTo(golden(message));
	}

	@ParameterizedTest
	@MethodSource("examples")
	void readsWhatTheGoldenFileHolds(Message message) throws IOException {
		assertThat(JSON.treeToValue(golden(message), message.getClass())).isEqualTo(message);
	}

	@Test
	void everyMessageHasAnExampleAndAGoldenFile() throws IOException {
		Set<String> names = MessageTypes.byName(families()).keySet();
		assertThat(MessageExamples.ALL).extracting((message) -> MessageTypes.nameOf(message.getClass()))
			.containsExactlyInAnyOrderElementsOf(names);
		try (Stream<Path> files = Files.list(GOLDEN)) {
			assertThat(
					files.map((file) -> file.getFileName().toString().replace(".json", "")).collect(Collectors.toSet()))
				.isEqualTo(names);
		}
	}

	@Test
	void namesAreStableWordsWithAVersion() throws IOException {
		assertThat(MessageTypes.byName(families()).keySet()).isNotEmpty()
			.allMatch(Pattern.compile("[a-z]+\\.[a-z-]+\\.v[1-9][0-9]*").asMatchPredicate());
	}

	@Test
	void everyMessageBelongsToATopicAndAnAggregate() {
		assertThat(MessageExamples.ALL).allSatisfy((message) -> {
			assertThat(MessageTypes.topicOf(message.getClass()).value()).isNotEmpty();
			assertThat(message.aggregateId()).isNotNull();
		});
	}

	/** All interfaces with a topic that were compiled into our package. */
	private static Stream<Class<? extends Message>> families() throws IOException {
		List<Class<? extends Message>> families = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(CLASSES, "*.class")) {
			for (Path file : files) {
				Class<?> type = Class.forName(
						"dev.sagamart.events." + file.getFileName().toString().replace(".class", ""), false,
						Message.class.getClassLoader());
				if (type.isAnnotationPresent(Topic.class)) {
					families.add(type.asSubclass(Message.class));
				}
			}
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
		return families.stream();
	}

	@Test
	void wouldNoticeARenamedOrRemovedField() throws IOException {
		Message message = MessageExamples.ALL.getFirst();
		ObjectNode renamed = (ObjectNode) golden(message);
		renamed.set("customerId", renamed.remove("userId"));
		assertThat(written(message)).isNotEqualTo(renamed);
		assertThatExceptionOfType(tools.jackson.databind.exc.UnrecognizedPropertyException.class)
			.isThrownBy(() -> JSON.treeToValue(renamed, message.getClass()));
	}

	private static JsonNode written(Message message) {
		return JSON.readTree(JSON.writeValueAsString(message));
	}

	private static JsonNode golden(Message message) throws IOException {
		return JSON.readTree(Files.readString(GOLDEN.resolve(MessageTypes.nameOf(message.getClass()) + ".json")));
	}

}
