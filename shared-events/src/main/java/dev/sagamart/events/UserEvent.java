package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/** What user-service tells about an account. No personal data travels. */
@Topic(Topics.USER_EVENTS)
public sealed interface UserEvent extends Message {

	UUID userId();

	@Override
	default UUID aggregateId() {
		return userId();
	}

	@MessageType("user.registered.v1")
	record UserRegistered(UUID userId) implements UserEvent {
	}

	/** Every copy of this user's personal data has to go. */
	@MessageType("user.erased.v1")
	record UserErased(UUID userId) implements UserEvent {
	}

}
