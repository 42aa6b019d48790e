package dev.sagamart.platform.test.contract;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the messages of a provider fulfil the committed pacts, and that the pacts
 * notice a renamed field. A subclass provides the messages and the production code that
 * writes them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProviderContract {

	private final String provider;

	private final String field;

	private final Map<String, Message> messages;

	/**
	 * Creates the tests.
	 * @param field a regular expression for the field to rename, which each message must
	 * have
	 * @param messages at least one of every type that consumers read
	 */
	protected ProviderContract(String provider, String field, Stream<? extends Message> messages) {
		this.provider = provider;
		this.field = field;
		this.messages = messages.collect(Collectors.toMap((message) -> MessageTypes.nameOf(message.getClass()),
				Function.identity(), (one, _) -> one));
	}

	/** The payload as it is sent. */
	protected abstract byte[] payload(Message message);

	/** The headers as they are sent. */
	protected abstract Map<String, String> headers(Message message);

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
		return new String(payload(message(promise)), StandardCharsets.UTF_8);
	}

	private List<String> brokenBy(Promise promise, String payload) {
		Message message = message(promise);
		return promise.brokenBy(message, payload.getBytes(StandardCharsets.UTF_8), headers(message));
	}

	private Message message(Promise promise) {
		assertThat(this.messages).as("what " + this.provider + " sends").containsKey(promise.name());
		return Objects.requireNonNull(this.messages.get(promise.name()));
	}

}
