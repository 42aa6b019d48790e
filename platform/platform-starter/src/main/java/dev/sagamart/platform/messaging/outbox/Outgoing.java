package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;

/** A message to be sent, and the context that it continues. */
public record Outgoing(Message message, MessageContext context) {
}
