package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/** What happened to an account; published by user-service, without personal data. */
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

	/** Every service must erase its copies of the personal data of this user. */
	@MessageType("user.erased.v1")
	record UserErased(UUID userId) implements UserEvent {
	}

}
