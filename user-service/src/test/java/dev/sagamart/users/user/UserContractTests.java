package dev.sagamart.users.user;

import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.events.UserEvent.UserRegistered;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.ProviderContract;
import java.util.UUID;
import java.util.stream.Stream;

/** Everything that accounts tell, as its consumers want it. */
class UserContractTests extends ProviderContract {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	UserContractTests() {
		super("user-service", "userId", made(), MessageJson::write,
				(id, type, source, at, subject) -> MessageHeaders.of(id, type, source, at, subject, CONTEXT));
	}

	/**
	 * As {@link Accounts} makes them in its transactions: they have nothing but the id.
	 */
	private static Stream<Message> made() {
		return Stream.of(new UserRegistered(UUID.randomUUID()), new UserErased(UUID.randomUUID()));
	}

}
