package dev.sagamart.users.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.events.UserEvent.UserRegistered;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that accounts tell, as its consumers want it. */
class UserContractTests {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	private static final Map<String, Message> MADE = made().collect(Collectors
		.toMap((message) -> MessageTypes.nameOf(message.getClass()), Function.identity(), (one, _) -> one));

	static Stream<Promise> promises() {
		return Promise.of("user-service");
	}

	@ParameterizedTest
	@MethodSource("promises")
	void sendsWhatConsumersRead(Promise promise) {
		assertThat(brokenBy(promise, written(promise))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("promises")
	void wouldNoticeARenamedField(Promise promise) {
		assertThat(brokenBy(promise, written(promise).replace("\"userId\"", "\"other\""))).isNotEmpty();
	}

	private static String written(Promise promise) {
		assertThat(MADE).as("what user-service sends").containsKey(promise.name());
		return new String(MessageJson.write(MADE.get(promise.name())), StandardCharsets.UTF_8);
	}

	private static List<String> brokenBy(Promise promise, String payload) {
		Message message = MADE.get(promise.name());
		return promise.brokenBy(message, payload.getBytes(StandardCharsets.UTF_8),
				MessageHeaders.of(UUID.randomUUID(), MessageTypes.nameOf(message.getClass()), "user-service",
						Instant.now(), message.aggregateId().toString(), CONTEXT));
	}

	/**
	 * As {@link Accounts} makes them in its transactions: they have nothing but the id.
	 */
	private static Stream<Message> made() {
		return Stream.of(new UserRegistered(UUID.randomUUID()), new UserErased(UUID.randomUUID()));
	}

}
