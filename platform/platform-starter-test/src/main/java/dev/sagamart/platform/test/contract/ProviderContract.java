package dev.sagamart.platform.test.contract;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the messages of a provider fulfil the committed pacts, and that the pacts
 * notice a renamed field. A subclass passes the messages and the production code that
 * writes them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProviderContract {

	private final String provider;

	private final String field;

	private final Map<String, Message> messages;

	private final Function<Message, byte[]> payload;

	private final HeaderWriter headers;

	/**
	 * Creates the tests.
	 * @param field a regular expression for the field to rename, which each message must
	 * have
	 * @param messages at least one of every type that consumers read
	 * @param payload writes the payload as it is sent
	 * @param headers writes the headers as they are sent
	 */
	protected ProviderContract(String provider, String field, Stream<? extends Message> messages,
			Function<Message, byte[]> payload, HeaderWriter headers) {
		this.provider = provider;
		this.field = field;
		this.messages = messages.collect(Collectors.toMap((message) -> MessageTypes.nameOf(message.getClass()),
				Function.identity(), (one, _) -> one));
		this.payload = payload;
		this.headers = headers;
	}

	/** Writes the headers of a message; the subject is the id of its aggregate. */
	@FunctionalInterface
	public interface HeaderWriter {

		Map<String, String> write(UUID eventId, String type, String source, Instant at, String subject);

	}

	protected Stream<Promise> promises() {
		return Promise.of(this.provider).filter((promise) -> !promise.isCall());
	}

	@ParameterizedTest
	@MethodSource("promises")
	protected void sendsWhatConsumersRead(Promise promise) {
		assertThat(brokenBy(promise, written(promise))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("promises")
	protected void wouldNoticeARenamedField(Promise promise) {
		assertThat(brokenBy(promise, written(promise).replaceAll("\"" + this.field + "\"", "\"other\""))).isNotEmpty();
	}

	private String written(Promise promise) {
		return new String(this.payload.apply(message(promise)), StandardCharsets.UTF_8);
	}

	private List<String> brokenBy(Promise promise, String payload) {
		Message message = message(promise);
		Map<String, String> written = this.headers.write(UUID.randomUUID(), MessageTypes.nameOf(message.getClass()),
				this.provider, Instant.now(), message.aggregateId().toString());
		return promise.brokenBy(message, payload.getBytes(StandardCharsets.UTF_8), written);
	}

	private Message message(Promise promise) {
		assertThat(this.messages).as("what " + this.provider + " sends").containsKey(promise.name());
		return Objects.requireNonNull(this.messages.get(promise.name()));
	}

}
